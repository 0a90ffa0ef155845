pub mod raw_pdf;
