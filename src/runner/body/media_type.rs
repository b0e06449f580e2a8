//! Media types by a file's extension, as newman's edition of the table has them.

/// What the `mime-db` crate, a later edition, names otherwise.
const OTHERWISE: [(&str, &str); 25] = [
    ("3gpp", "video/3gpp"),
    ("aac", "audio/x-aac"),
    ("deb", "application/x-debian-package"),
    ("dll", "application/x-msdownload"),
    ("dmg", "application/x-apple-diskimage"),
    ("emf", "image/emf"),
    ("es", "application/ecmascript"),
    ("exe", "application/x-msdos-program"),
    ("fdf", "application/vnd.fdf"),
    ("iso", "application/x-iso9660-image"),
    ("jpgm", "video/jpm"),
    ("mjs", "application/javascript"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpg4", "video/mp4"),
    ("msi", "application/x-msdownload"),
    ("obj", "model/obj"),
    ("sql", "application/x-sql"),
    ("stl", "model/stl"),
    ("sub", "text/vnd.dvb.subtitle"),
    ("wav", "audio/wave"),
    ("wmf", "image/wmf"),
    ("x3db", "model/x3d+fastinfoset"),
    ("x3dv", "model/x3d-vrml"),
    ("xlf", "application/xliff+xml"),
];

/// Where nothing better is known.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file of that name; a name without a dot is its own extension.
pub(super) fn of(name: &str) -> Option<&'static str> {
    let extension = name.rsplit('/').next()?.rsplit('.').next()?.to_ascii_lowercase();
    let otherwise = OTHERWISE.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind);
    otherwise.or_else(|| mime_db::lookup(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with newman 6.2.2.
    #[test]
    fn extensions_mean_what_they_mean_in_newman() {
        for (name, expected) in [
            ("a.json", Some("application/json")),
            ("A.JPG", Some("image/jpeg")),
            ("x.tar.gz", Some("application/gzip")),
            ("song.mp3", Some("audio/mpeg")),
            ("x.csv", Some("text/csv")),
            ("folder.d/readme", None),
            ("json", Some("application/json")),
            ("x.", None),
            ("x.nope", None),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }
}
