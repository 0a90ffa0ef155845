//! `juanzong token`: bearer tokens of the service, made and ended where its data lie.

use std::path::PathBuf;

use jiff::{Timestamp, ToSpan as _};

use super::{Exit, Format, Trouble, output};
use crate::{
    clock::{Clock, shanghai},
    store::{Id, NewToken, Scope, Scopes, Store, StoreConfig},
};

/// Bearer tokens of the service
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a token; its text is shown this once
    Create {
        /// What it may be used for: validate, bind, issue, revoke, admin
        #[arg(long, required = true, num_args = 1..)]
        scope: Vec<String>,
        /// Who uses it, for the person who reads the list
        #[arg(long, default_value = "")]
        label: String,
        /// Days until it ends [default: never]
        #[arg(long)]
        days: Option<u16>,
    },
    /// All tokens, without their texts
    List {
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// End a token now, or every token that another platform issued to somebody until now
    Revoke {
        /// Its id, from the list; or `oidc:<id>`, as the audit record names who came from another platform
        id: String,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let clock = Clock::System;
    super::block_on(async {
        let store = Store::open(&StoreConfig::configured(arguments.data.clone()))
            .await
            .map_err(Trouble::new)?;
        let exit = match &arguments.action {
            Action::Create { scope, label, days } => {
                create(&store, scope, label, *days, clock.now()).await
            }
            Action::List { format } => list(&store, *format).await,
            Action::Revoke { id } => revoke(&store, id, clock.now()).await,
        };
        store.close().await;
        exit
    })
}

async fn create(
    store: &Store,
    scopes: &[String],
    label: &str,
    days: Option<u16>,
    now: Timestamp,
) -> Result<Exit, Trouble> {
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|scope| scope.parse()).collect();
    let expires_at = days
        .map(|days| now.to_zoned(shanghai()).checked_add(i64::from(days).days()))
        .transpose()
        .map_err(Trouble::new)?
        .map(|end| end.timestamp());
    let new = NewToken {
        label: label.to_owned(),
        scopes: Scopes::of(scopes.map_err(Trouble::new)?),
        expires_at,
    };
    let (id, text) = store.create_token(&new, now).await.map_err(Trouble::new)?;
    output::say(&format!(
        "token {id} ({}); its text is shown this once:",
        new.scopes
    ));
    output::print(&text)?;
    output::done()
}

async fn list(store: &Store, format: Format) -> Result<Exit, Trouble> {
    for token in store.tokens().await.map_err(Trouble::new)? {
        match format {
            Format::Json => output::print_json(&token)?,
            Format::Text => {
                let state = match (token.revoked_at, token.expires_at) {
                    (Some(at), _) => format!("revoked {at:.0}"),
                    (None, Some(at)) => format!("until {at:.0}"),
                    (None, None) => "without end".to_owned(),
                };
                output::print(&format!(
                    "{}  {}  {state}  {}",
                    token.id, token.scopes, token.label
                ))?;
            }
        }
    }
    output::done()
}

async fn revoke(store: &Store, id: &str, now: Timestamp) -> Result<Exit, Trouble> {
    if let Some(id) = id.strip_prefix("oidc:") {
        let id: Id = id.parse().map_err(Trouble::new)?;
        store.end_foreign(&id, now).await.map_err(Trouble::new)?;
        return output::done();
    }
    let id: Id = id.parse().map_err(Trouble::new)?;
    if store.revoke_token(&id, now).await.map_err(Trouble::new)? {
        output::done()
    } else {
        Err(Trouble::because(format!(
            "no token `{id}`; `juanzong token list` shows them"
        )))
    }
}
