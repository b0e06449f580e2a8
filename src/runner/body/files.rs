//! The user's files that a request needs: where they may be, and why one cannot be used.

use crate::exchange::Chunk;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Where the files of requests are looked for.
#[derive(Debug, Clone)]
pub struct FileAccess {
    root: PathBuf,
    outside: bool,
}

/// A file to be sent.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) chunk: Chunk,
    /// Its name without folders.
    pub(super) name: String,
}

impl Default for FileAccess {
    fn default() -> Self {
        Self { root: PathBuf::from("."), outside: true }
    }
}

impl FileAccess {
    /// Relative paths start at `root`; files outside it are read only where that is allowed.
    pub fn new(root: impl Into<PathBuf>, outside: bool) -> Self {
        Self { root: root.into(), outside }
    }

    /// The file of that path, opened once to see that it can be. Errors: why it cannot be sent, in words.
    pub(super) fn find(&self, path: &str) -> Result<Found, String> {
        let real = self.real(Path::new(path))?;
        File::open(&real).map_err(|error| reason(&error))?;
        let chunk = Chunk::file(&real).map_err(|error| reason(&error))?;
        Ok(Found { chunk, name: base_name(&self.root.join(path).to_string_lossy()).to_owned() })
    }

    /// What is in the file of that path. Errors: why it cannot be read, in words.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        std::fs::read(self.real(path)?).map_err(|error| reason(&error))
    }

    /// Where the bytes of that path are, if they may be read.
    fn real(&self, path: &Path) -> Result<PathBuf, String> {
        let real = self.root.join(path).canonicalize().map_err(|error| reason(&error))?;
        // Links are followed first: one inside must not lead outside.
        if !self.outside && !self.root.canonicalize().is_ok_and(|root| real.starts_with(root)) {
            return Err(
                "it is outside the working directory, and --no-insecure-file-read forbids that".to_owned()
            );
        }
        if real.is_file() { Ok(real) } else { Err("it is not a file".to_owned()) }
    }

    /// Where relative paths start, for hints.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}

/// The last part of a path.
pub(super) fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_inside_and_refused_outside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("work");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("sub/in.txt"), "inside").unwrap();
        std::fs::write(folder.path().join("out.txt"), "outside").unwrap();
        std::fs::create_dir(folder.path().join("work-too")).unwrap();
        std::fs::write(folder.path().join("work-too/x"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../out.txt", root.join("link")).unwrap();
        let inside = root.join("sub/in.txt");
        let outside = "it is outside the working directory, and --no-insecure-file-read forbids that";
        for (path, free, bound) in [
            ("sub/in.txt", Ok("in.txt"), Ok("in.txt")),
            ("./sub/../sub/in.txt", Ok("in.txt"), Ok("in.txt")),
            (inside.to_str().unwrap(), Ok("in.txt"), Ok("in.txt")),
            ("../out.txt", Ok("out.txt"), Err(outside)),
            ("../work-too/x", Ok("x"), Err(outside)),
            #[cfg(unix)]
            ("link", Ok("link"), Err(outside)),
            ("nope", Err("there is no such file"), Err("there is no such file")),
            ("sub", Err("it is not a file"), Err("it is not a file")),
        ] {
            for (allowed, expected) in [(true, free), (false, bound)] {
                let found = FileAccess::new(&root, allowed).find(path).map(|found| found.name);
                assert_eq!(found.as_deref().map_err(String::as_str), expected, "{path} {allowed}");
            }
        }
    }
}
