//! `juanzong fsck`: reads everything that is kept and names what does not fit. Changes nothing.

use std::path::PathBuf;

use serde_json::json;

use super::{Exit, Format, Scene, Trouble, certificate, output};
use crate::{
    certificate::{LogProblem, audit},
    digest::Digest,
    lang::Lang,
    store::{Census, Store, StoreConfig},
};

/// Find missing, altered and left-over files, gaps in numbers, breaks in the log
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Only look whether files are there; without it every byte is read and hashed again
    #[arg(long)]
    quick: bool,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let config = StoreConfig::configured(&arguments.data);
        let store = Store::open(&config).await.map_err(Trouble::new)?;
        let census = store.census(!arguments.quick).await.map_err(Trouble::new)?;
        let log = if arguments.data.join("keys/office.toml").exists() {
            let issuer = certificate::issuer(&arguments.data)?;
            Some(audit(&issuer, &store).await.map_err(Trouble::new)?)
        } else {
            None
        };
        tell(scene, arguments, &census, log.as_deref())?;
        let sound = census.missing.is_empty()
            && census.altered.is_empty()
            && census.orphans.is_empty()
            && log.as_ref().is_none_or(Vec::is_empty);
        Ok(if sound { Exit::Good } else { Exit::Refused })
    })
}

fn tell(
    scene: &Scene,
    arguments: &Arguments,
    census: &Census,
    log: Option<&[LogProblem]>,
) -> Result<(), Trouble> {
    if arguments.format == Format::Json {
        let problems = log.map(|log| {
            let line = |p: &LogProblem| json!({"leaf": p.leaf_index, "message": p.message});
            log.iter().map(line).collect::<Vec<_>>()
        });
        return output::print_json(&json!({
            "blobs": census.needed,
            "missing": census.missing,
            "altered": census.altered,
            "orphans": census.orphans,
            "bytes_read": !arguments.quick,
            "log": problems,
        }));
    }
    let zh = scene.lang == Lang::Zh;
    let groups = [
        (&census.missing, "缺失文件", "missing file"),
        (&census.altered, "内容已变的文件", "altered file"),
        (&census.orphans, "无主文件", "file that nothing needs"),
    ];
    for (digests, chinese, english) in groups {
        for digest in digests {
            output::print(&line(if zh { chinese } else { english }, digest))?;
        }
    }
    for problem in log.unwrap_or_default() {
        let place = problem.leaf_index.map_or_else(String::new, |leaf| {
            if zh {
                format!("日志第 {leaf} 条：")
            } else {
                format!("leaf {leaf}: ")
            }
        });
        output::print(&format!("{place}{}", problem.message.in_lang(scene.lang)))?;
    }
    let unread = match (arguments.quick, zh) {
        (false, _) => "",
        (true, true) => "（仅核对是否存在，未读内容）",
        (true, false) => " (only whether they are there; no bytes were read)",
    };
    let no_log = match (log, zh) {
        (Some(_), _) => "",
        (None, true) => "；没有签发密钥，证书日志未核对",
        (None, false) => "; no keys here, the certificate log was not checked",
    };
    output::say(&if zh {
        format!("核对文件 {} 个{unread}{no_log}", census.needed)
    } else {
        format!("{} files checked{unread}{no_log}", census.needed)
    });
    Ok(())
}

fn line(what: &str, digest: &Digest) -> String {
    format!("{what}: {digest}")
}
