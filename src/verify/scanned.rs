//! What a camera read from a QR code: the face code in it, if the address is exactly the office's own.
//!
//! A forger prints a QR that leads to a page of his own, which then says yes. Here only one way to write the address counts: the
//! office's base address, `/v/`, twenty signs. Another scheme, host, port, user, path or spelling is another house.

use super::wrong::Wrong;
use crate::certificate::FaceCode;

/// The face code of a scanned address.
pub fn scanned(base_url: &str, text: &str) -> Result<FaceCode, Wrong> {
    let foreign = || {
        Wrong::new(
            "qr",
            "二维码不属于本机关：请勿打开其中的网址",
            "the QR code does not belong to this office: do not open its address",
        )
    };
    let code = text
        .strip_prefix(base_url)
        .and_then(|rest| rest.strip_prefix("/v/"))
        .ok_or_else(foreign)?;
    let read: FaceCode = code.parse().map_err(|_| foreign())?;
    // As we print it and in no other form.
    if read.as_str() == code {
        Ok(read)
    } else {
        Err(foreign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d8_a_qr_of_another_house_is_said_to_be_one() {
        let base = "https://zhicheng.example.gov.cn";
        let code = FaceCode::from_mac(&[7; 32]);
        let address = format!("{base}/v/{}", code.as_str());
        assert_eq!(scanned(base, &address).as_ref(), Ok(&code));
        let rest = format!("/v/{}", code.as_str());
        for wrong in [
            format!("http://zhicheng.example.gov.cn{rest}"),
            format!("https://zhicheng.examp1e.gov.cn{rest}"),
            format!("https://zhicheng.example.gov.cn.evil.cn{rest}"),
            format!("https://zhicheng.example.gov.cn@evil.cn{rest}"),
            format!("https://user@zhicheng.example.gov.cn{rest}"),
            format!("https://zhicheng.example.gov.cn:8443{rest}"),
            format!("https://xn--zhicheng-x.example.gov.cn{rest}"),
            format!("https://ZHICHENG.example.gov.cn{rest}"),
            format!("{base}/v/../w{rest}"),
            format!("{address}?next=https://evil.cn"),
            format!("{address}#"),
            format!("{address}/"),
            format!(" {address}"),
            format!("{base}/v/{}", code.grouped()),
            format!("{base}/v/{}", code.as_str().to_lowercase()),
            format!("{base}/v/"),
            base.to_owned(),
            String::new(),
        ] {
            assert_eq!(scanned(base, &wrong).unwrap_err().code, "qr", "{wrong}");
        }
    }
}
