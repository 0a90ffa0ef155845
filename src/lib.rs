#![doc = include_str!("../README.md")]

pub mod clock;
pub mod config;
pub mod digest;
pub mod error_code;
pub mod font_files;
pub mod lang;
pub mod limits;
pub mod units;

pub mod store;

pub mod recognise;
pub mod rulepack;

pub mod intake;

pub mod inspect;

pub mod sandbox;

pub mod finding;

pub mod checks;

pub mod eligibility;

pub mod dossier;

pub mod typeset;

pub mod bind;

pub mod certificate;

pub mod verify;
pub mod witness;

pub mod cli;
pub mod http;
