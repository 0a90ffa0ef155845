pub mod client;
pub mod engines;
pub mod independent;
pub mod judged;
pub mod program;
pub mod raw_pdf;
pub mod server;
