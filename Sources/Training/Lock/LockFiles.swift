import Collectives
import Failures
import Foundation
import Tensors

/// The lock files of a run directory: `writer-1.lock` and so on. The one of the highest number is the lock.
///
/// Files are made exclusively and whole, by link(2), which network file systems do without a lock service, too.
struct LockFiles: Sendable {
    private static let prefix = "writer-"
    private static let suffix = ".lock"

    /// The run directory.
    let directory: String

    /// Whether a file of a run directory is a lock, or was on its way to be one.
    static func isLock(_ name: String) -> Bool { name.hasPrefix(prefix) || name.hasPrefix("." + prefix) }

    /// The path of the lock of that number.
    func path(_ number: Int) -> String { "\(directory)/\(Self.prefix)\(number)\(Self.suffix)" }

    /// The highest number and what its file says; nil where there is no lock.
    func newest() -> (number: Int, text: String)? {
        let numbers = names().compactMap { name -> Int? in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            return Int32(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)).map { Int($0) }
        }
        for number in numbers.sorted(by: >) {
            // One that has gone meanwhile is not the newest any more.
            if let text = text(number) { return (number, text) }
        }
        return nil
    }

    /// What the lock of that number says; nil when there is none.
    func text(_ number: Int) -> String? {
        // Opened anew each time: only then do network file systems ask what others have written.
        guard let file = FileHandle(forReadingAtPath: path(number)) else {
            return access(path(number), F_OK) == 0 ? "" : nil
        }
        defer { try? file.close() }
        return ((try? file.readToEnd()) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Makes the lock of that number; false when somebody else has.
    ///
    /// - Throws: `RunFailure` with `ExitCode.output` when the directory takes no file.
    func create(_ number: Int, _ text: String, name: String) throws(RunFailure) -> Bool {
        let own = "\(directory)/.\(Self.prefix)\(name)"
        defer { unlink(own) }
        guard write(text, to: own) else { throw unwritable(errno) }
        if link(own, path(number)) == 0 { return true }
        let reason = errno
        // The answer to a first attempt may have been lost on a network, and the second one found its work.
        var status = stat()
        if stat(own, &status) == 0, status.st_nlink == 2 { return true }
        switch reason {
        case EEXIST: return false
        // The next owner has cleared it away.
        case ENOENT where access(directory, F_OK) == 0: return false
        // Some file systems have no links.
        case EPERM, ENOTSUP, ENOSYS, EMLINK:
            if write(text, to: path(number)) { return true }
            if errno == EEXIST { return false }
            throw unwritable(errno)
        default: throw unwritable(reason)
        }
    }

    /// Removes all locks but that of one number, and what killed processes have left.
    func removeAll(but number: Int) {
        for name in names() where Self.isLock(name) && "\(directory)/\(name)" != path(number) {
            unlink("\(directory)/\(name)")
        }
    }

    private func names() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] }

    /// Makes a file and writes it; false, with `errno`, when there is one or it cannot be written.
    private func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        fchmod(descriptor, 0o644)
        let bytes = Array(text.utf8)
        let count = Foundation.write(descriptor, bytes, bytes.count)
        let number = count == bytes.count ? 0 : count < 0 ? errno : ENOSPC
        close(descriptor)
        if number != 0 { unlink(path) }
        errno = number
        return number == 0
    }

    private func unwritable(_ number: Int32) -> RunFailure {
        let advice =
            SystemLimits.adviceOnFiles(number)
            ?? "Check its permissions and the space on its disk, or choose another --output"
        return RunFailure(
            .output,
            "\(directory) takes no lock file: \(SystemReason.text(of: number)). \(advice).")
    }
}

/// What a lock file says: who writes into the run directory, and a number that rises as long as he does.
struct LockRecord: Equatable {
    /// Another one at each start, so that no two owners are taken for one.
    let token: String
    /// The owner.
    let process: PeerProcess
    /// How often the owner has renewed the lock.
    var renewals = 0

    /// The record of this process.
    init(own process: PeerProcess) {
        token = UUID().uuidString
        self.process = process
    }

    /// What `text` made; nil for any other text.
    init?(_ text: String) {
        let fields = text.dropLast().split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.last == "\n", fields.count == 3, let renewals = Int(fields[0]),
            let process = PeerProcess(Array(fields[2].utf8))
        else { return nil }
        token = String(fields[1])
        self.process = process
        self.renewals = renewals
    }

    /// One line, always of the same length, so that it can be written over the one before.
    var text: String {
        let digits = String(renewals)
        let number = String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        return "\(number)\t\(token)\t\(String(decoding: process.bytes, as: UTF8.self))\n"
    }
}
