//! The decision table of eligibility: one profile a row, written from the notices; and two laws over all profiles.

use std::sync::LazyLock;

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use juanzong::{
    clock::Clock,
    eligibility::{self, Answer, Eligible, LineOutcome, Profile},
    rulepack::{Pack, Packs, WindowState, eligibility::Education},
};
use proptest::prelude::*;

const TABLE: &str = include_str!("eligibility_table.tsv");

/// The packs are loaded once for all rows.
static PACKS: LazyLock<Packs> = LazyLock::new(Packs::builtin);

fn pack(number: &str) -> (&'static Packs, &'static str, Date) {
    let (id, on) = match number {
        "000" => ("haizhou-chuding-2023h1", date(2023, 6, 1)),
        "001" => ("nantong-chuding-2023", date(2023, 10, 10)),
        "002" => ("lianyungang-pingshen-2024", date(2024, 6, 10)),
        "003" => ("suzhou-chuding", date(2024, 3, 5)),
        _ => ("lianyungang-gongxin-kaohe-2024", date(2024, 8, 20)),
    };
    (&PACKS, id, on)
}

fn base(number: &str) -> Vec<(String, String)> {
    let text = if number == "004" {
        "civil_servant=false;retired=false;sanctioned=false;employed_here=true;integrity=true;\
         fits_ordinary_way=false;shortcomings=[\"papers\"];outstanding=true;specialty=石油化工工程;\
         specialty_matches_post=true"
    } else {
        "way=initial;civil_servant=false;retired=false;sanctioned=false;employed_here=true;insured_here=true;\
         series=工程;licence_needed=false;education=bachelor;degree=true;attained_on=2022-06-30;\
         in_post_since=2022-07-01;related_major=true;assessments_passed=true;continuing_education=true;\
         no_second_application=true"
    };
    pairs(text)
}

fn pairs(text: &str) -> Vec<(String, String)> {
    text.split(';')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap();
            (key.trim().to_owned(), value.to_owned())
        })
        .collect()
}

/// The profile as a person would write it, so that the reader is tried too.
fn profile(number: &str, changes: &str) -> Profile {
    let mut keys = base(number);
    for (key, value) in pairs(changes) {
        keys.retain(|(known, _)| *known != key);
        if !value.is_empty() {
            keys.push((key, value));
        }
    }
    let mut text = String::new();
    for (key, value) in keys {
        let bare = value.starts_with('[')
            || value.starts_with(|c: char| c.is_ascii_digit())
            || value == "true"
            || value == "false";
        let value = if bare { value } else { format!("\"{value}\"") };
        text.push_str(&format!("{key} = {value}\n"));
    }
    eligibility::read_text("profile.toml", &text).unwrap()
}

#[test]
fn the_decision_table_holds() {
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [number, changes, verdict, title, clause, _note] = cells[..] else {
            panic!("{line}");
        };
        rows += 1;
        let (packs, id, on) = pack(number);
        let pack = packs.get(id).unwrap();
        let answer = eligibility::judge(pack, &profile(number, changes), on);
        let got_verdict = serde_json::to_value(answer.verdict).unwrap();
        let got_title = answer
            .title
            .map(|title| serde_json::to_value(title).unwrap());
        let got_title = got_title.as_ref().and_then(|t| t.as_str()).unwrap_or("");
        if got_verdict != verdict || got_title != title || !cites(pack, &answer, clause) {
            wrong.push(format!(
                "{line}\n    got {got_verdict} {got_title}: {:#?}",
                reasons(&answer)
            ));
        }
    }
    assert!(rows >= 120, "{rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The clause stands behind the answer: on a line that held it back, or, when decided, on one that is met.
fn cites(pack: &Pack, answer: &Answer, clause: &str) -> bool {
    let behind = |outcome: LineOutcome| match answer.verdict {
        Eligible::Decided => outcome == LineOutcome::Met,
        Eligible::NotEligible => outcome == LineOutcome::NotMet,
        Eligible::NeedsPerson => matches!(
            outcome,
            LineOutcome::Missing | LineOutcome::Person | LineOutcome::Met
        ),
    };
    if clause.is_empty() {
        let silent = |line: &&eligibility::Line| {
            line.source.is_none() && line.outcome == LineOutcome::Person
        };
        return answer.lines.iter().any(|line| silent(&line));
    }
    let cited = pack.source(clause);
    answer
        .lines
        .iter()
        .any(|line| line.source.as_deref() == Some(cited.as_str()) && behind(line.outcome))
}

fn reasons(answer: &Answer) -> Vec<String> {
    let lines = answer
        .lines
        .iter()
        .filter(|line| line.outcome != LineOutcome::Met);
    lines
        .map(|line| format!("{:?} {} — {:?}", line.outcome, line.message.zh, line.source))
        .collect()
}

#[test]
fn an_empty_profile_is_never_decided_and_names_what_is_missing() {
    for pack in PACKS.iter() {
        let answer = eligibility::judge(pack, &Profile::default(), date(2024, 8, 20));
        assert_eq!(answer.verdict, Eligible::NeedsPerson, "{}", pack.id);
        assert!(
            answer.missing.len() > 2,
            "{}: {:?}",
            pack.id,
            answer.missing
        );
    }
}

#[test]
fn a_wrong_profile_says_everything_at_once() {
    let text = "education = \"phd\"\nretired = \"no\"\ncolour = 1\nattained_on = \"2022\"\n";
    let error = eligibility::read_text("p.toml", text)
        .unwrap_err()
        .to_string();
    assert_eq!(error.lines().count(), 4, "{error}");
    assert!(
        error.contains("p.toml:1: education: is `phd`, wants one of"),
        "{error}"
    );
}

const LADDER: [Education; 6] = [
    Education::SecondaryVocational,
    Education::JuniorCollege,
    Education::Bachelor,
    Education::SecondBachelor,
    Education::Master,
    Education::Doctor,
];

fn maybe() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![Just(None), Just(Some(true)), Just(Some(false))]
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let days = (2018_i16..2024, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| date(y, m, d));
    let series = prop_oneof![
        Just(None),
        Just(Some("工程")),
        Just(Some("经济")),
        Just(Some("律师"))
    ];
    let flags = (
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        any::<bool>(),
    );
    (
        flags,
        series,
        prop::option::of(days.clone()),
        prop::option::of(days),
    )
        .prop_map(
            |(
                (civil, employed, licence, degree, related, passed, completed),
                series,
                attained,
                since,
            )| Profile {
                way: Some(juanzong::rulepack::Way::Initial),
                civil_servant: civil,
                employed_here: employed,
                licence,
                degree,
                related_major: related,
                assessments_passed: passed,
                completion_only: completed,
                series: series.map(str::to_owned),
                attained_on: attained,
                in_post_since: since,
                ..Profile::default()
            },
        )
}

proptest! {
    #[test]
    fn a_better_degree_never_makes_one_less_eligible(
        profile in any_profile(),
        lower in 0_usize..6,
        higher in 0_usize..6,
        number in prop_oneof![Just("000"), Just("001"), Just("002"), Just("003")],
    ) {
        prop_assume!(lower < higher);
        let (packs, id, on) = pack(number);
        let pack = packs.get(id).unwrap();
        let with = |level: Education| {
            eligibility::judge(pack, &Profile { education: Some(level), ..profile.clone() }, on)
        };
        let (less, more) = (with(LADDER[lower]), with(LADDER[higher]));
        if less.verdict != Eligible::NotEligible {
            prop_assert_ne!(more.verdict, Eligible::NotEligible);
        }
        if let (Some(a), Some(b)) = (less.title, more.title) {
            prop_assert!(a <= b);
        }
    }
}

#[test]
fn a_window_flips_exactly_at_midnight_in_shanghai() {
    for pack in PACKS.iter() {
        for window in &pack.windows {
            let mut day = date(2023, 1, 1);
            let mut last = window.state(day);
            while day < date(2025, 1, 5) {
                day = day.tomorrow().unwrap();
                let state = window.state(day);
                let open = |s: &WindowState| matches!(s, WindowState::Open { .. });
                if open(&last) != open(&state) {
                    // One second before and at midnight of Shanghai (16:00 UTC of the day before).
                    let midnight = day.yesterday().unwrap().at(16, 0, 0, 0);
                    let at: Timestamp = midnight
                        .to_zoned(jiff::tz::TimeZone::UTC)
                        .unwrap()
                        .timestamp();
                    let before = Timestamp::from_second(at.as_second() - 1).unwrap();
                    assert_eq!(window.state(Clock::Fixed(before).today()), last);
                    assert_eq!(window.state(Clock::Fixed(at).today()), state);
                }
                last = state;
            }
        }
    }
}
