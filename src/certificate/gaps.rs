//! Gaps in certificate numbers: every serial that was ever given must be in a certificate, wait in one, or be free for the next.
//!
//! A row that was deleted together with its leaf's traces still leaves the hole of its serial, because the counter went on.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    audit::{LogProblem, problem},
    number::{Number, NumberTemplate},
};
use crate::store::{Store, StoreError};

/// What is known of the serials before rows are read. Whatever moves on meanwhile, from reserved to waiting to finished, is seen
/// in one of those places, because they are read in that order.
pub(super) struct Serials {
    counters: Vec<(String, u64)>,
    templates: Vec<NumberTemplate>,
    seen: BTreeMap<String, BTreeSet<u64>>,
}

impl Serials {
    /// The counters, and the serials that are free or being worked on.
    pub(super) async fn begin(store: &Store) -> Result<Serials, StoreError> {
        let counters = store.serial_counters().await?;
        let scopes = counters.iter().map(|(scope, _)| scope.as_str());
        // Offices change their template; numbers of every older one are still counted in its scopes.
        let mut templates: Vec<_> = scopes.filter_map(NumberTemplate::of_scope).collect();
        templates.dedup();
        let mut serials = Serials {
            counters,
            templates,
            seen: BTreeMap::new(),
        };
        for (scope, serial) in store.reserved_serials().await? {
            serials.seen.entry(scope).or_default().insert(serial);
        }
        Ok(serials)
    }
    /// Notes the number of a certificate. A number that two templates could have made counts for both: a gap is told only
    /// where there surely is one.
    pub(super) fn note(&mut self, number: &str) {
        let Ok(number) = number.parse::<Number>() else {
            return;
        };
        for (scope, serial) in self.templates.iter().filter_map(|t| t.serial_of(&number)) {
            self.seen.entry(scope).or_default().insert(serial);
        }
    }
    /// Says which serials are missing, and which stand above a counter that was set back.
    pub(super) async fn problems(self, store: &Store) -> Result<Vec<LogProblem>, StoreError> {
        let mut problems = Vec::new();
        let none = BTreeSet::new();
        for (scope, next) in &self.counters {
            let seen = self.seen.get(scope).unwrap_or(&none);
            for (first, last) in gaps(seen, *next) {
                let which = if first == last {
                    format!("{first}")
                } else {
                    format!("{first}–{last}")
                };
                problems.push(problem(
                    None,
                    &format!("编号缺口：{scope} 的流水号 {which} 不属于任何证书"),
                    &format!("gap in the numbers: no certificate has serial {which} of {scope}"),
                ));
            }
        }
        // Read again: certificates were perhaps issued since the beginning.
        let counters: BTreeMap<_, _> = store.serial_counters().await?.into_iter().collect();
        for (scope, seen) in &self.seen {
            let next = counters.get(scope).copied().unwrap_or(1);
            if let Some(last) = seen.last().filter(|last| **last >= next) {
                problems.push(problem(
                    None,
                    &format!("编号计数器被改动：{scope} 已用到 {last}，计数器却将发出 {next}"),
                    &format!(
                        "the counter of {scope} was set back: serial {last} is used, and it would give {next} next"
                    ),
                ));
            }
        }
        Ok(problems)
    }
}

/// Runs of serials from 1 to below `next` that were not seen.
fn gaps(seen: &BTreeSet<u64>, next: u64) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut expected = 1;
    for serial in seen
        .iter()
        .copied()
        .chain([next])
        .take_while(|s| *s <= next)
    {
        if serial > expected {
            gaps.push((expected, serial - 1));
        }
        expected = serial + 1;
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_missing_serials() {
        let gaps = |seen: &[u64], next| gaps(&seen.iter().copied().collect(), next);
        assert_eq!(gaps(&[], 1), []);
        assert_eq!(gaps(&[], 4), [(1, 3)]);
        assert_eq!(gaps(&[1, 2, 3], 4), []);
        assert_eq!(gaps(&[1, 3], 4), [(2, 2)]);
        assert_eq!(gaps(&[2, 6], 9), [(1, 1), (3, 5), (7, 8)]);
        assert_eq!(gaps(&[1, 2, 9], 3), []);
    }
    #[tokio::test]
    async fn reserved_waiting_and_used_serials_are_no_gap_and_a_lost_one_is() {
        use crate::{
            certificate::{Level, Method},
            store::StoreConfig,
        };
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let template = NumberTemplate::default();
        let scope = template.serial_scope(2024);
        let (now, later) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
        let mut log = store.begin_log().await.unwrap();
        for serial in 1..=4 {
            let given = log.reserve_serial(&scope, "one", now, later).await.unwrap();
            assert_eq!(given, serial);
        }
        for serial in 1..=3 {
            assert!(log.use_serial(&scope, serial, "one").await.unwrap());
        }
        log.commit().await.unwrap();
        let number = |serial| {
            let number = template.number(2024, Level::Junior, Method::Review, serial);
            number.unwrap().to_string()
        };
        let problems = async |serials: &[u64]| {
            let mut found = Serials::begin(&store).await.unwrap();
            serials
                .iter()
                .for_each(|serial| found.note(&number(*serial)));
            found.problems(&store).await.unwrap()
        };
        assert_eq!(problems(&[1, 2, 3]).await, []);
        let gap = problems(&[1, 3]).await;
        assert_eq!(gap.len(), 1);
        assert_eq!(
            gap[0].message.en,
            format!("gap in the numbers: no certificate has serial 2 of {scope}")
        );
        let above = problems(&[1, 2, 3, 7]).await;
        assert_eq!(above.len(), 1);
        assert!(above[0].message.en.contains("was set back: serial 7"));
    }
}
