//! The `tesseract` program, when it is installed with `chi_sim`; found once, named in every report that rests on it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use crate::{
    config,
    sandbox::{Pool, Program, SandboxError},
};

/// An installed recogniser.
#[derive(Clone, Debug)]
pub struct Recogniser {
    program: PathBuf,
    name: String,
    /// Where its language data lies, when that is not among the system's files.
    data: Option<PathBuf>,
}

impl Recogniser {
    /// The recogniser of this machine: `JUANZONG_TESSERACT` names it or says `off`, else it is looked for on `PATH`.
    pub fn installed() -> Option<&'static Recogniser> {
        static FOUND: OnceLock<Option<Recogniser>> = OnceLock::new();
        FOUND.get_or_init(find).as_ref()
    }
    /// Its name and version, for example `tesseract 5.3.0`.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// A recogniser at this place, with its language data in `data`; `None` when it does not answer as `tesseract` does or
    /// lacks `chi_sim`.
    pub fn at(program: &Path, data: Option<&Path>) -> Option<Recogniser> {
        let says = |argument: &str| -> Option<String> {
            let mut command = Command::new(program);
            if let Some(data) = data {
                command.env("TESSDATA_PREFIX", data);
            }
            let said = command.arg(argument).stdin(Stdio::null()).output().ok()?;
            let mut words = String::from_utf8_lossy(&said.stdout).into_owned();
            words += &String::from_utf8_lossy(&said.stderr);
            said.status.success().then_some(words)
        };
        let languages = says("--list-langs")?;
        if !languages.lines().any(|line| line.trim() == "chi_sim") {
            tracing::warn!("tesseract is installed without chi_sim: scans stay unread");
            return None;
        }
        let name = says("--version")?.lines().next()?.trim().to_owned();
        Some(Recogniser {
            program: program.canonicalize().ok()?,
            name,
            data: data.map(Path::to_path_buf),
        })
    }
    /// What it sees in a picture: its table of words.
    pub(super) fn table(
        &self,
        pool: &Pool,
        picture: Vec<u8>,
        shows: Shows,
    ) -> Result<Vec<u8>, SandboxError> {
        let limits = pool.limits();
        let mut environment = vec![("OMP_THREAD_LIMIT".to_owned(), "1".to_owned())];
        if let Some(data) = &self.data {
            let data = data.to_string_lossy().into_owned();
            environment.push(("TESSDATA_PREFIX".to_owned(), data));
        }
        let confined = Program {
            launcher: pool.program().to_owned(),
            program: self.program.clone(),
            readable: self.data.iter().chain([&self.program]).cloned().collect(),
            environment,
            memory_bytes: limits.recognise_memory.value(),
            deadline: Duration::from_millis(limits.recognise_deadline_ms),
            answer_bytes: limits.answer_bytes.value(),
        };
        let layout = match shows {
            Shows::Page => "6",
            Shows::Strips => "13",
        };
        // A resolution is said so that it is not guessed.
        confined.run(
            &[
                "stdin", "stdout", "-l", "chi_sim", "--psm", layout, "--dpi", "300", "tsv",
            ],
            picture,
        )
    }
}

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shows {
    /// A page, as one block of text.
    Page,
    /// One piece of a line on each page of a TIFF.
    Strips,
}

fn find() -> Option<Recogniser> {
    let program = match config::variable("JUANZONG_TESSERACT") {
        Some(off) if off == "off" => return None,
        Some(named) => PathBuf::from(named),
        None => config::variable("PATH")?
            .split(':')
            .map(|folder| Path::new(folder).join("tesseract"))
            .find(|program| program.is_file())?,
    };
    let data = config::variable("TESSDATA_PREFIX").map(PathBuf::from);
    Recogniser::at(&program, data.as_deref())
}
