//! A certificate whose signer's key lies in a PKCS#11 token: `--example token_sample --features pkcs11 -- DIR MODULE TOKEN PIN_FILE`.
//!
//! Makes an office in `DIR/keys`, rolls its signer over into the token, issues one certificate, and looks at what must be refused.
//! Leaves `token.pdf`, `issuer.pem` and `log-key.txt` for judges of other makes (`scripts/certificate-peers.sh`).

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{path::PathBuf, sync::Arc};

use juanzong::{
    certificate::{Grant, Issuer, Level, Method, Office, Order, TokenPlace, issue},
    digest::write_atomically,
    store::{SecretHash, Store, StoreConfig},
    typeset::{TemplateSource, Typesetter},
    verify,
};

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [out, module, token, pin_file] = arguments.as_slice() else {
        return Err(
            "wants a folder, a PKCS#11 library, a token's label and a file with its PIN".into(),
        );
    };
    let place = TokenPlace {
        module: module.clone(),
        token: token.to_string_lossy().into_owned(),
        pin_file: pin_file.clone(),
    };
    let now = jiff::Timestamp::now();
    let keys = out.join("keys");
    let office = Office {
        base_url: "https://zhicheng.example.invalid".to_owned(),
        ..Office::sample()
    };
    let from_a_file = Issuer::init(&keys, &office, now)?;
    let root_key = keys.join("root-key.pem");

    let strange = TokenPlace {
        token: "no such token".to_owned(),
        ..place.clone()
    };
    if Issuer::roll_over(&keys, &root_key, Some(&strange), now).is_ok() {
        return Err("a token that is not there made a key".into());
    }
    let sha256 = Issuer::roll_over(&keys, &root_key, Some(&place), now)?;
    if keys.join("signer-key.pem").exists() {
        return Err("the signer's old key is still on disk".into());
    }
    let issuer = Arc::new(Issuer::open(&keys)?);
    if issuer.keys().signer_sha256() != sha256 || sha256 == from_a_file.keys().signer_sha256() {
        return Err("the signer is not the new one".into());
    }

    let data = tempfile::tempdir()?;
    let store = Store::open(&StoreConfig::in_folder(data.path())).await?;
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn)?;
    let order = Order {
        grant: grant(),
        photo: None,
        holder: SecretHash::of_text("token"),
    };
    let issued = issue(&issuer, &store, &typesetter, order, now, verify::self_check).await?;
    write_atomically(&out.join("token.pdf"), &issued.pdf)?;
    write_atomically(&out.join("issuer.pem"), issuer.issuer_pem().as_bytes())?;
    write_atomically(&out.join("log-key.txt"), issuer.log_key().as_bytes())?;

    // A PIN that others may read is refused, and the keys cannot be opened without it.
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |mode| std::fs::set_permissions(pin_file, std::fs::Permissions::from_mode(mode));
    mode(0o644)?;
    let refused = Issuer::open(&keys).is_err();
    mode(0o600)?;
    if !refused {
        return Err("a PIN that others may read was used".into());
    }
    println!("issued by a key in the token, {} bytes", issued.pdf.len());
    Ok(())
}

fn grant() -> Grant {
    Grant {
        name: "欧阳示例".to_owned(),
        sex: None,
        born: None,
        unit: None,
        id_number: None,
        series: "工程技术".to_owned(),
        specialty: "电子信息".to_owned(),
        title: "工程师".to_owned(),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市工程系列中级职称考核认定委员会".to_owned(),
        doc_no: None,
        obtained_on: jiff::civil::date(2026, 10, 30),
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    }
}
