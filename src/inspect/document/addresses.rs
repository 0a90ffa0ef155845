//! Web addresses on a report: printed, under a link, in a QR code. Only the issuer's own verification page with the printed
//! code agrees with the report; another host is odd, another code contradicts. Anything else says nothing.

use serde::{Deserialize, Serialize};

use super::{
    Certainty, DocumentFacts, Oddity,
    labels::CODE,
    lines::Line,
    reading::Reading,
    verification_code::{self, Shape},
};
use crate::units::{PageNumber, PtBox};

/// The one host and page that verify a report.
const HOST: &str = "www.chsi.com.cn";
const PAGE: &str = "/xlcx/bg.do";

/// An address that a page carries without printing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// Which page.
    pub page: PageNumber,
    /// Where on the page, when it has a place.
    pub box_pt: Option<PtBox>,
    /// What it says, an address or anything else.
    pub content: String,
    /// Whether it comes from a QR code, and not from a link.
    pub from_qr: bool,
}

/// What an address says about the report it stands on.
#[derive(Debug, PartialEq, Eq)]
enum Says {
    /// No address, or another page of the issuer.
    Nothing,
    /// Another host.
    OtherHost,
    /// The right host, unencrypted.
    Insecure,
    /// The verification page with this code.
    Code(String),
}

/// Holds links and QR codes against the printed code.
pub fn hold_against(facts: &mut DocumentFacts, addresses: &[Address]) {
    if !facts.kind.is_online_report() {
        return;
    }
    for address in addresses {
        let what = match says(&address.content, address.from_qr) {
            Says::Nothing => continue,
            Says::OtherHost => "foreign_link",
            Says::Insecure => "insecure_link",
            Says::Code(code) => match compare(facts, &code, address.from_qr) {
                Some(what) => what,
                None => continue,
            },
        };
        facts.oddities.push(Oddity {
            what: what.to_owned(),
            field: None,
            page: Some(address.page),
            box_pt: address.box_pt,
        });
    }
}

/// The code of an address against the printed one. One that was recognised from a picture gives way to a QR code that says
/// the same but for look-alikes: a QR code corrects itself, print does not.
fn compare(facts: &mut DocumentFacts, code: &str, from_qr: bool) -> Option<&'static str> {
    const SHOWN: &str = "verification_code_masked";
    let printed = facts.private.get(CODE).cloned();
    let printed = printed?;
    let name = if from_qr { "qr_code" } else { "link" };
    let agrees = |facts: &mut DocumentFacts| {
        if !facts.agreeing.iter().any(|a| a == name) {
            facts.agreeing.push(name.to_owned());
        }
    };
    if printed == code {
        agrees(facts);
        if facts.recognised
            && from_qr
            && let Some(evidence) = facts.evidence.get_mut(SHOWN)
        {
            evidence.certainty = Certainty::Recognised;
        }
        return None;
    }
    if !facts.recognised {
        return Some("link_code_differs");
    }
    let alike = verification_code::alike(&printed, code);
    if from_qr && alike && verification_code::shape(code) == Shape::WellFormed {
        facts.private.insert(CODE.to_owned(), code.to_owned());
        facts
            .fields
            .insert(SHOWN.to_owned(), verification_code::masked(code));
        if let Some(evidence) = facts.evidence.get_mut(SHOWN) {
            evidence.certainty = Certainty::Recognised;
        }
        facts.oddities.retain(|odd| {
            let half = odd.what == "half_report" && odd.field.as_deref() == Some(SHOWN);
            !(half || odd.what.starts_with("verification_code_"))
        });
        agrees(facts);
        return None;
    }
    // Print misread from a picture contradicts nothing.
    let sure = facts
        .evidence
        .get(SHOWN)
        .is_some_and(|e| e.certainty == Certainty::Recognised);
    (sure && !alike).then_some("link_code_differs")
}

/// `exactly`: a QR code must name the very host; a link may lead to other pages of the issuer.
fn says(content: &str, exactly: bool) -> Says {
    let content = content.trim();
    let lower = content.to_ascii_lowercase();
    let (scheme, rest) = match lower.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
        _ if lower.starts_with("www.") => ("https", lower.as_str()),
        _ => return Says::Nothing,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // What stands before an @ is a name to log in with, not a host.
    let host = authority
        .rsplit('@')
        .next()
        .and_then(|host| host.split(':').next())
        .unwrap_or_default();
    let own =
        host == HOST || (!exactly && (host == "chsi.com.cn" || host.ends_with(".chsi.com.cn")));
    if !own || authority.contains('@') {
        return Says::OtherHost;
    }
    if exactly && scheme != "https" {
        return Says::Insecure;
    }
    let path = rest.strip_prefix(authority).unwrap_or_default();
    let on_page = path
        .strip_prefix(PAGE)
        .is_some_and(|after| after.starts_with('?'));
    let code = content.split_once("vcode=").map(|(_, rest)| rest);
    match code {
        Some(code) if on_page || !exactly => {
            let code: String = code
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            Says::Code(code.to_ascii_uppercase())
        }
        _ => Says::Nothing,
    }
}

/// Addresses in the printed text.
pub(super) fn printed(reading: &mut Reading, lines: &[Line]) {
    for line in lines {
        for (start, address) in in_text(&line.text) {
            let end = start + address.chars().count();
            let here = Some((line.page, line.boxed(start, end)));
            match says(&address, false) {
                // A recogniser loses dots and slashes: what it makes of an address is no other host.
                Says::OtherHost if !line.recognised => reading.odd("foreign_link", None, here),
                Says::Code(code) if !line.recognised => {
                    let printed = reading.facts.private.get(CODE);
                    if printed.is_some_and(|printed| *printed != code) {
                        reading.odd("link_code_differs", None, here);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Web addresses in squeezed text, each with the index of its first character.
fn in_text(text: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let starts_with = |at: usize, word: &str| {
        word.chars().enumerate().all(|(i, c)| {
            chars
                .get(at + i)
                .is_some_and(|x| x.to_ascii_lowercase() == c)
        })
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if starts_with(at, "http://") || starts_with(at, "https://") || starts_with(at, "www.") {
            let end = chars
                .iter()
                .skip(at)
                .position(|c| {
                    !c.is_ascii_graphic() || matches!(c, '(' | ')' | '<' | '>' | '"' | ',' | ';')
                })
                .map_or(chars.len(), |n| at + n);
            found.push((at, chars.get(at..end).unwrap_or_default().iter().collect()));
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{DocumentKind, Evidence};

    const CODE_PRINTED: &str = "A7K2M9P4R6T3W8Y5";

    fn report(recognised: bool, code: &str, certainty: Certainty) -> DocumentFacts {
        let mut facts = DocumentFacts {
            kind: DocumentKind::ChsiEducationRecord,
            recognised,
            ..DocumentFacts::default()
        };
        facts.private.insert(CODE.to_owned(), code.to_owned());
        facts.evidence.insert(
            "verification_code_masked".to_owned(),
            Evidence {
                page: PageNumber::FIRST,
                box_pt: PtBox::new(0.0, 0.0, 1.0, 1.0),
                certainty,
            },
        );
        facts
    }
    fn held(mut facts: DocumentFacts, content: &str, from_qr: bool) -> DocumentFacts {
        let address = Address {
            page: PageNumber::FIRST,
            box_pt: None,
            content: content.to_owned(),
            from_qr,
        };
        hold_against(&mut facts, &[address]);
        facts
    }
    fn of_text(content: &str) -> DocumentFacts {
        held(
            report(false, CODE_PRINTED, Certainty::Certain),
            content,
            true,
        )
    }

    #[test]
    fn only_the_verification_page_with_the_printed_code_agrees() {
        let good = of_text("https://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5&srcid=bgcx");
        assert_eq!((good.agreeing.len(), good.oddities.len()), (1, 0));
        for (content, what) in [
            (
                "https://www.chsi.com.cn.example.net/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
                "foreign_link",
            ),
            (
                "https://www.chsi.com.cn@example.net/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
                "foreign_link",
            ),
            (
                "https://a@www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
                "foreign_link",
            ),
            ("https://chsi.cn/x", "foreign_link"),
            (
                "http://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5",
                "insecure_link",
            ),
            (
                "https://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y6",
                "link_code_differs",
            ),
        ] {
            let facts = of_text(content);
            assert_eq!(facts.oddities.len(), 1, "{content}");
            assert_eq!(facts.oddities[0].what, what, "{content}");
            assert!(facts.agreeing.is_empty(), "{content}");
        }
    }

    #[test]
    fn opaque_content_and_other_pages_say_nothing() {
        for content in [
            "7F3A9C21-0B44",
            "https://www.chsi.com.cn/xlcx/bgcx.jsp",
            "https://www.chsi.com.cn/xlcx/bg.dox?vcode=A7K2M9P4R6T3W8Y5",
            "https://www.chsi.com.cn/xlcx/bg.do?trnd=123",
        ] {
            let facts = of_text(content);
            assert_eq!(
                (facts.agreeing.len(), facts.oddities.len()),
                (0, 0),
                "{content}"
            );
        }
    }

    #[test]
    fn a_code_misread_from_a_picture_gives_way_to_the_qr_code() {
        let misread = report(true, "A7K2M9P4R6T3WBYS", Certainty::Suspect);
        let good = "https://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5";
        let facts = held(misread, good, true);
        assert_eq!(facts.private[CODE], CODE_PRINTED);
        assert_eq!(facts.agreeing, ["qr_code"]);
        let other = report(true, "AQ3W7E9R2T4Y6U8P", Certainty::Recognised);
        assert_eq!(
            held(other, good, true).oddities[0].what,
            "link_code_differs"
        );
        let unsure = report(true, "AQ3W7E9R2T4Y6U8P", Certainty::Suspect);
        assert!(held(unsure, good, true).oddities.is_empty());
    }
}
