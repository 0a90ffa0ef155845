pub mod independent;
pub mod raw_pdf;
pub mod server;
