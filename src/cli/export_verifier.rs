//! `juanzong verify --export-html FILE`: one page that checks certificates of one office without any network.
//!
//! The page holds its own code (`templates/verifier/`) and what the verifier trusts; a content policy forbids it every connection.

use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Exit, Trouble, output};
use crate::{
    digest::{Digest, write_atomically},
    verify::{Policy, Quorum, Trust},
};

const PAGE: &str = include_str!("../../templates/verifier/page.html");
const CHECK: &str = include_str!("../../templates/verifier/verify.js");
const AROUND: &str = include_str!("../../templates/verifier/page.js");

/// Writes the page for what this verifier trusts. `office` stands in its head.
pub(super) fn export(to: &Path, trust: &Trust, office: &str) -> Result<Exit, Trouble> {
    let page = page(trust, office)?;
    write_atomically(to, page.as_bytes()).map_err(Trouble::new)?;
    output::say(&format!(
        "{}: {} KiB, opens from disk",
        to.display(),
        page.len() / 1024
    ));
    output::done()
}

fn page(trust: &Trust, office: &str) -> Result<String, Trouble> {
    // Read as a verifier would: what cannot stand is told now, and not by the page.
    trust
        .anchors()
        .map_err(|wrong| Trouble::because(wrong.message.en))?;
    let (label, issuer) = der::pem::decode_vec(trust.issuer_pem.trim().as_bytes())
        .map_err(|_| Trouble::because("the page takes exactly one issuer's certificate"))?;
    if label != "CERTIFICATE" {
        return Err(Trouble::because("the issuer's file is no certificate"));
    }
    let mut logs = trust.log_keys.clone();
    let (mut witnesses, mut quorum) = (Vec::new(), Quorum::None);
    if let Some(text) = &trust.policy {
        let policy: Policy = text
            .parse()
            .map_err(|wrong: crate::verify::Wrong| Trouble::because(wrong.message.en))?;
        logs.extend(policy.logs.iter().map(|log| log.key.to_string()));
        witnesses = policy.witnesses.iter().map(|w| w.key.to_string()).collect();
        quorum = policy.quorum;
    }
    let status = trust.status_list.as_ref().map(|held| {
        json!({ "note": held.note, "list": BASE64.encode(&held.file), "key": held.key.to_string() })
    });
    let data = json!({
        "issuer": BASE64.encode(&issuer),
        "logs": logs,
        "witnesses": witnesses,
        "quorum": tree(&quorum),
        "status": status,
    });
    // Nothing in the data can end the element it stands in.
    let data = data.to_string().replace('<', "\\u003c");
    let script = format!("{CHECK}\n{AROUND}");
    Ok(PAGE
        .replace("<!--OFFICE-->", &escaped(office))
        .replace("<!--FINGERPRINT-->", &Digest::of(&issuer).to_hex())
        .replace("<!--TRUST-->", &data)
        .replace("<!--SCRIPT-->", &script))
}

fn tree(quorum: &Quorum) -> Value {
    match quorum {
        Quorum::None => Value::Null,
        Quorum::Witness(place) => json!(place),
        Quorum::Of(wanted, members) => {
            json!({ "wanted": wanted, "of": members.iter().map(tree).collect::<Vec<_>>() })
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::{Issuer, Office};

    #[test]
    fn the_page_is_whole_and_asks_nobody() {
        let at = "2026-11-20T04:00:00Z".parse().unwrap();
        let issuer = Issuer::for_demonstration(Office::sample(), b"page", at).unwrap();
        let trust = crate::verify::trust(&issuer, at);
        let page = page(&trust, "示例局</script><b>").unwrap();
        assert!(page.contains(&issuer.log_key()) && page.contains("示例局&lt;/script&gt;"));
        assert!(!page.contains("<!--"));
        for outside in [
            "http://",
            "https://",
            "src=",
            "href=",
            "fetch(",
            "XMLHttpRequest",
            "import(",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'"));
        let two = Trust {
            issuer_pem: "nonsense".to_owned(),
            ..trust
        };
        assert!(super::page(&two, "x").is_err());
    }
}
