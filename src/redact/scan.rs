//! The last look: whether a file that was written shows a secret after all. One that was known to be secret only after
//! it was shown, for instance.

use super::Redactor;
use super::filter::LONG;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;
/// Bytes that are read again with the next chunk: what a secret may be cut into.
const OVERLAP: usize = 16 * 1024;
/// Characters of a secret that is looked for: words as short as those stand in reports by themselves.
const LENGTH: usize = LONG;

impl Redactor {
    /// The mask of the first secret that a file, or a file in a folder, shows. Secrets that could as well be words
    /// (`password`, `production`) are not looked for.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn leak_in(&self, path: &Path) -> io::Result<Option<String>> {
        if !self.enabled {
            return Ok(None);
        }
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                if let Some(leak) = self.leak_in(&entry?.path())? {
                    return Ok(Some(leak));
                }
            }
            return Ok(None);
        }
        let mut file = File::open(path)?;
        let mut text = Vec::with_capacity(CHUNK + OVERLAP);
        loop {
            let kept = text.len().saturating_sub(OVERLAP);
            text.drain(..kept);
            if file.by_ref().take(CHUNK as u64).read_to_end(&mut text)? == 0 {
                return Ok(None);
            }
            if let Some(leak) = self.leak(&text) {
                return Ok(Some(leak));
            }
        }
    }

    fn leak(&self, text: &[u8]) -> Option<String> {
        let found = self.index.find_long(text);
        let found = found.into_iter().find(|hit| unmistakable(&text[hit.range.clone()]));
        found.map(|hit| hit.label.to_string())
    }
}

/// Long enough, and of more than letters or more than digits: no word, no count.
fn unmistakable(spelling: &[u8]) -> bool {
    let letters = spelling.iter().any(u8::is_ascii_alphabetic);
    let others = spelling.iter().any(|byte| !byte.is_ascii_alphabetic() && !b" -_".contains(byte));
    spelling.len() >= LENGTH && letters && others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_chunks_end_and_words_are_not() {
        let mut redactor = Redactor::with_key([1; 16]);
        redactor.add("token", "s3cret-of-some-length");
        redactor.add("password", "production");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        for at in [0, CHUNK - 5, CHUNK, CHUNK + OVERLAP - 3, 3 * CHUNK] {
            let mut text = vec![b'.'; at];
            text.extend_from_slice(b"production ");
            std::fs::write(&path, &text).unwrap();
            assert_eq!(redactor.leak_in(folder.path()).unwrap(), None);
            text.extend_from_slice(b"s3cret-of-some-length and more");
            std::fs::write(&path, &text).unwrap();
            assert!(redactor.leak_in(folder.path()).unwrap().unwrap().contains("token"), "{at}");
        }
        assert_eq!(Redactor::disabled().leak_in(&path).unwrap(), None);
    }
}
