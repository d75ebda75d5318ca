import Foundation

/// What has to hold before the first file is opened and the first word is written.
enum ProcessSetup {
    static func prepare() {
        // A reader that has gone and a file that may not grow are errors of the write, and have their sentences.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // A file that is opened while one of these is closed would get its number, and be written into by the console.
        // Open for reading only, so that what is written there still fails.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
