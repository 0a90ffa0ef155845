//! How often one caller may ask for what costs much or could be guessed at: 429 with `Retry-After` beyond.
//!
//! Verifications and uploads are counted apart, each a leaky bucket (GCRA): a burst of half a minute's worth, then the
//! steady rate. A token is counted by its id, anybody else by address: an IPv4 address, or the /64 of an IPv6 one. Each
//! node counts for itself, so that N nodes allow N times the rate: state the rate of one node.
//!
//! The count is taken before the question is looked at, so that the limit says nothing about the answer.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use actix_web::{dev::ServiceRequest, http::header::HeaderName};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::{Config, problem::Problem};
use crate::error_code::ErrorCode;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Not counted.
    Free,
    /// Questions about certificates.
    Verification,
    /// Files sent in, and dossiers made.
    Upload,
}

/// Counters of one server.
#[derive(Debug)]
pub(super) struct Rates {
    verifications: Option<Counter>,
    uploads: Option<Counter>,
    trusted_proxies: Vec<IpAddr>,
}

#[derive(Debug)]
struct Counter {
    each: DefaultKeyedRateLimiter<String>,
    together: DefaultDirectRateLimiter,
    asked: AtomicU32,
}

/// All callers of one node together may ask this many times as often as one.
const TOGETHER: u32 = 200;
/// Counters of callers who have not come for a while are dropped after so many questions.
const SWEEP_EVERY: u32 = 4096;
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Rates {
    pub(super) fn new(config: &Config) -> Rates {
        Rates {
            verifications: Counter::per_minute(config.verifications_per_minute),
            uploads: Counter::per_minute(config.uploads_per_minute),
            trusted_proxies: config.trusted_proxies.clone(),
        }
    }

    /// Counts one question of `actor`; anyone without a credential of his own is counted by address.
    pub(super) fn take(
        &self,
        rate: Rate,
        actor: &str,
        request: &ServiceRequest,
    ) -> Result<(), Problem> {
        let counter = match rate {
            Rate::Free => return Ok(()),
            Rate::Verification => &self.verifications,
            Rate::Upload => &self.uploads,
        };
        let Some(counter) = counter else {
            return Ok(());
        };
        let key = if actor.starts_with("token:") || actor.starts_with("oidc:") {
            actor.to_owned()
        } else {
            self.address(request)
                .map_or_else(|| "unknown".to_owned(), caller)
        };
        counter.take(&key)
    }

    /// Who asks, through proxies of ours: the last address in `X-Forwarded-For` that is not one of them.
    fn address(&self, request: &ServiceRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        if !self.trusted_proxies.contains(&peer) {
            return Some(peer);
        }
        let headers = request.headers().get_all(X_FORWARDED_FOR);
        let listed: Vec<IpAddr> = headers
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(','))
            .map_while(|part| part.trim().parse().ok())
            .collect();
        let outside = listed
            .into_iter()
            .rev()
            .find(|address| !self.trusted_proxies.contains(address));
        Some(outside.unwrap_or(peer))
    }
}

impl Counter {
    fn per_minute(rate: u32) -> Option<Counter> {
        let quota = |rate: u32| {
            let burst = NonZeroU32::new((rate / 2).max(1))?;
            Some(Quota::per_minute(NonZeroU32::new(rate)?).allow_burst(burst))
        };
        Some(Counter {
            each: RateLimiter::keyed(quota(rate)?),
            together: RateLimiter::direct(quota(rate.saturating_mul(TOGETHER))?),
            asked: AtomicU32::new(0),
        })
    }

    fn take(&self, key: &String) -> Result<(), Problem> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.each.retain_recent();
        }
        let now = DefaultClock::default().now();
        self.each
            .check_key(key)
            .and_then(|()| self.together.check())
            .map_err(|until| too_many(until.wait_time_from(now)))
    }
}

fn too_many(wait: Duration) -> Problem {
    let seconds = u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX);
    Problem::new(ErrorCode::TooManyRequests)
        .because(
            format!("请 {seconds} 秒后再试"),
            format!("come back in {seconds} seconds"),
        )
        .retry_after(seconds)
}

/// One subscriber: an IPv4 address, or the network an IPv6 subscriber is given.
fn caller(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            Ipv6Addr::from(network).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn rates(per_minute: u32) -> Rates {
        Rates::new(&Config {
            verifications_per_minute: per_minute,
            trusted_proxies: vec!["10.0.0.1".parse().unwrap()],
            ..Config::default()
        })
    }

    fn from(peer: &str, forwarded: Option<&'static str>) -> ServiceRequest {
        let request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        match forwarded {
            Some(list) => request.insert_header((X_FORWARDED_FOR, list)),
            None => request,
        }
        .to_srv_request()
    }

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is() {
        let rates = rates(20);
        let here = from("192.0.2.1", None);
        let ask =
            |actor: &str, request: &ServiceRequest| rates.take(Rate::Verification, actor, request);
        for _ in 0..10 {
            ask("anonymous", &here).unwrap();
        }
        let refused = ask("anonymous", &here).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TooManyRequests);
        ask("anonymous", &from("192.0.2.2", None)).unwrap();
        ask("token:a", &here).unwrap();
        rates.take(Rate::Upload, "anonymous", &here).unwrap();
        rates.take(Rate::Free, "anonymous", &here).unwrap();
    }

    #[test]
    fn a_rate_of_nought_counts_nothing() {
        let rates = rates(0);
        let here = from("192.0.2.1", None);
        for _ in 0..1000 {
            rates.take(Rate::Verification, "anonymous", &here).unwrap();
        }
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        let rates = rates(20);
        let told = |peer, list| rates.address(&from(peer, list)).unwrap().to_string();
        assert_eq!(told("192.0.2.1", Some("203.0.113.5")), "192.0.2.1");
        assert_eq!(told("10.0.0.1", Some("203.0.113.5")), "203.0.113.5");
        assert_eq!(
            told("10.0.0.1", Some("198.51.100.9, 203.0.113.5, 10.0.0.1")),
            "203.0.113.5"
        );
        assert_eq!(told("10.0.0.1", Some("nonsense")), "10.0.0.1");
        assert_eq!(told("10.0.0.1", None), "10.0.0.1");
    }

    #[test]
    fn an_ipv6_subscriber_is_one_caller() {
        let of = |text: &str| caller(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    }
}
