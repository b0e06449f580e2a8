//! What the tests share: the binary, scratch folders, golden files, a server.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A file of the repository.
pub(crate) fn in_repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The binary, without what a person's shell may set.
pub(crate) fn postproof() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postproof"));
    command.env_remove("FORCE_COLOR").env_remove("NO_COLOR").stdin(Stdio::null());
    // Where a person keeps settings and keys.
    command.env("HOME", env!("CARGO_TARGET_TMPDIR")).env_remove("POSTMAN_API_KEY");
    // Tests may run in a CI of their own.
    for ci in ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "TF_BUILD", "TEAMCITY_VERSION"] {
        command.env_remove(ci);
    }
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(proxy);
    }
    command
}

/// An empty folder of this test alone.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Compares with a golden file; `UPDATE=1` rewrites it.
pub(crate) fn compare(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let diff = postproof::diff::unified(&expected, actual);
    assert!(expected == actual, "{} differs (UPDATE=1 rewrites it)\n{diff}", path.display());
}

/// `postproof serve` in a process of its own; ends with the value.
pub(crate) struct Served {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
}

impl Served {
    pub(crate) fn start(faults: &[&str]) -> Self {
        let mut command = postproof();
        command.args(["serve", "--port", "0"]).stdout(Stdio::piped());
        for fault in faults {
            command.args(["--fault", fault]);
        }
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base_url =
            line.trim().strip_prefix("listening on ").expect("the first line names the address").to_owned();
        Self { process, base_url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether this build lacks the libraries that scripts require; said where a test is left out for it.
pub(crate) fn libraries_missing() -> bool {
    let missing = postproof::sandbox::missing_libraries();
    if let Some(reason) = missing {
        assert!(std::env::var_os("POSTPROOF_REQUIRE_SCRIPT_LIBS").is_none(), "{reason}");
        eprintln!("skipped: this build carries no script libraries: {reason}");
    }
    missing.is_some()
}

/// Runs jobs on a few threads and gives their results in order.
pub(crate) fn in_parallel<T: Sync, R: Send>(jobs: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const THREADS: usize = 12;
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results: Vec<std::sync::Mutex<Option<R>>> =
        jobs.iter().map(|_| std::sync::Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    *results[index].lock().unwrap() = Some(work(job));
                }
            });
        }
    });
    results.into_iter().map(|result| result.into_inner().unwrap().unwrap()).collect()
}

/// A router served on a free port by a thread of its own, until the value is dropped.
pub(crate) struct Routed {
    /// `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Routed {
    pub(crate) fn start(router: axum::Router) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (address_out, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                address_out.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    served = async { axum::serve(listener, router).await } => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        let base_url = format!("http://{}", address.recv().unwrap());
        Self { base_url, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Routed {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}
