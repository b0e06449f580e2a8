//! Where reports go: a stream, a file written in place, or a file that appears whole.

use super::ReportError;
use std::fs::{self, DirEntry, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes that are written to a file together.
const TOGETHER: usize = 64 * 1024;
/// How long nothing has been written to a file whose run is gone.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// A place to write text to as it comes.
pub(super) struct Output {
    writer: Box<dyn Write + Send>,
    path: Option<PathBuf>,
}

impl Output {
    /// Somebody's stream, the standard output in general, which may keep what it is given until it is flushed.
    pub(super) fn stream(writer: Box<dyn Write + Send>) -> Self {
        Self { writer, path: None }
    }

    /// A file, emptied now unless it is added to, and written in place: what was flushed stays, however the process
    /// ends.
    pub(super) fn file(path: &Path, append: bool) -> Result<Self, ReportError> {
        let open = || {
            create_parents(path)?;
            match append {
                true => File::options().append(true).create(true).open(path),
                false => File::create(path),
            }
        };
        let file = open().map_err(|source| ReportError::Write { path: path.to_owned(), source })?;
        Ok(Self { writer: Box::new(BufWriter::with_capacity(TOGETHER, file)), path: Some(path.to_owned()) })
    }

    /// Writes; a stream that nobody reads any longer takes everything.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        let written = self.writer.write_all(bytes);
        self.told(written)
    }

    /// Gives away what was written.
    pub(super) fn flush(&mut self) -> Result<(), ReportError> {
        let flushed = self.writer.flush();
        self.told(flushed)
    }

    /// Flushes; the file, when it is one.
    pub(super) fn finish(&mut self) -> Result<Option<&Path>, ReportError> {
        self.flush()?;
        Ok(self.path.as_deref())
    }

    fn told(&self, written: io::Result<()>) -> Result<(), ReportError> {
        match (written, &self.path) {
            (Ok(()), _) => Ok(()),
            // Whoever read the stream (`| head`) has seen enough.
            (Err(source), None) if source.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            (Err(source), None) => Err(ReportError::Stdout(source)),
            (Err(source), Some(path)) => Err(ReportError::Write { path: path.clone(), source }),
        }
    }
}

/// A file that takes its name when it is complete: written beside its target and renamed. Dropped without
/// [`commit`](Self::commit), it leaves nothing and the target as it was.
pub struct WholeFile {
    path: PathBuf,
    target: PathBuf,
    temporary: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Opens the temporary file, so that a target that cannot be written is known before the run begins.
    ///
    /// # Errors
    /// [`ReportError::Write`]: a folder cannot be made, or the file cannot be opened.
    pub fn create(path: &Path) -> Result<Self, ReportError> {
        Self::open(path).map_err(|source| ReportError::Write { path: path.to_owned(), source })
    }

    fn open(path: &Path) -> io::Result<Self> {
        create_parents(path)?;
        // Renaming over a link would replace the link, not what it points to.
        let target = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => return Err(io::Error::other("not a regular file")),
            Ok(found) if found.permissions().readonly() => {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            Ok(_) => fs::canonicalize(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let name = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        let temporary = target.with_file_name(name);
        sweep(&target);
        let file = BufWriter::new(File::create(&temporary)?);
        Ok(Self { path: path.to_owned(), target, temporary, file: Some(file) })
    }

    /// Writes at the end.
    ///
    /// # Errors
    /// [`ReportError::Write`]
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.with(|file| file.write_all(bytes))
    }

    /// Overwrites the start of the file, which must already be there.
    ///
    /// # Errors
    /// [`ReportError::Write`]
    pub fn write_start(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.with(|file| {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(bytes)?;
            file.seek(SeekFrom::End(0)).map(drop)
        })
    }

    /// Completes the file and gives it its name, which is returned as the user wrote it.
    ///
    /// # Errors
    /// [`ReportError::Write`]
    pub fn commit(&mut self) -> Result<PathBuf, ReportError> {
        self.with(BufWriter::flush)?;
        // Windows renames no open file.
        self.file = None;
        fs::rename(&self.temporary, &self.target).map_err(|source| self.error(source))?;
        Ok(self.path.clone())
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>) -> Result<T, ReportError> {
        let file = self.file.as_mut().ok_or_else(|| io::Error::other("the report is already complete"));
        file.and_then(act).map_err(|source| self.error(source))
    }

    /// An error of writing this report.
    pub(super) fn error(&self, source: io::Error) -> ReportError {
        ReportError::Write { path: self.path.clone(), source }
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nobody is left to be told.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Removes what runs that were killed have left beside the file. One that is being written has changed lately.
fn sweep(target: &Path) {
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let start = format!(".{}.", name.to_string_lossy());
    let is_left = |file: &DirEntry| {
        let name = file.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(&start)?.strip_suffix(".part"));
        process.is_some_and(|process| process.parse::<u32>().is_ok())
            && file
                .metadata()
                .and_then(|found| found.modified())
                .is_ok_and(|changed| changed.elapsed().is_ok_and(|since| since > LEFT))
    };
    for file in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_left) {
        // It is in nobody's way.
        let _ = fs::remove_file(file.path());
    }
}

fn create_parents(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if parent.is_file() => Err(io::ErrorKind::NotADirectory.into()),
        Some(parent) if !parent.as_os_str().is_empty() => fs::create_dir_all(parent),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn what_killed_runs_have_left_is_removed_a_day_later() {
        let folder = tempfile::tempdir().unwrap();
        let made = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            File::create(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
            path
        };
        let left = made(".r.xml.4711.part", 2 * LEFT);
        let under_way = made(".r.xml.4712.part", LEFT / 2);
        let others = made(".r.html.4711.part", 2 * LEFT);
        let mine = made(".r.xml.notes.part", 2 * LEFT);
        let mut file = WholeFile::create(&folder.path().join("r.xml")).unwrap();
        file.commit().unwrap();
        assert!(!left.exists() && under_way.exists() && others.exists() && mine.exists());
    }
}
