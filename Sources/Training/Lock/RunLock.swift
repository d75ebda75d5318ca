import Collectives
import Failures
import Foundation
import Reports
import Tensors

/// Keeps a run directory to one writer: rank 0 of one job.
///
/// The owner renews its lock file every few seconds. A newcomer whose system knows the owner's process decides by that; any
/// other one watches the file, and takes the run over when it is not renewed: a lock never outlives its owner for long,
/// whatever the file system. Taking over is making the lock file of the next number, which only one newcomer can; an owner
/// that had only been paused finds another one in its place and writes nothing more.
public final class RunLock: @unchecked Sendable {
    /// The seconds between two renewals.
    private static let pause = 5.0
    /// A newcomer looks so many times, a second apart, before it takes a lock for left behind.
    private static let looks = 30
    private static let looksAtTheLiving = 3

    private let files: LockFiles
    private let number: Int
    // Guards what follows.
    private let condition = NSCondition()
    private var record: LockRecord
    private var lastRenewal = MonotonicClock.seconds
    private var loss: RunFailure?
    private var isReleased = false

    /// Takes the lock of a directory that exists.
    ///
    /// - Parameters:
    ///   - hostName: what others are told of where this process runs.
    ///   - note: is told why it takes longer.
    /// - Throws: `RunFailure` with `ExitCode.output` when another process writes there, named with its host, or when the
    ///   directory takes no file.
    public convenience init(_ directory: String, hostName: String, note: (String) -> Void) throws(RunFailure) {
        try self.init(directory, process: PeerProcess(own: hostName), note: note) { _ = sleep(1) }
        // Where no thread can be had, the steps renew it when that is due.
        try? NamedThread.start("lockstep lock") { [weak self] in while self?.renewAfterPause() == true {} }
    }

    /// Takes the lock for `process`, and renews it only when asked; `wait` lies between two looks at another one's.
    package init(
        _ directory: String, process: PeerProcess, note: (String) -> Void, wait: () -> Void
    ) throws(RunFailure) {
        files = LockFiles(directory: directory)
        let own = LockRecord(own: process)
        record = own
        number = try Self.take(files, own, note, wait)
        files.removeAll(but: number)
    }

    deinit { release() }

    /// Whether a file of a run directory has to do with its lock, and not with the run.
    package static func isLockFile(_ name: String) -> Bool { LockFiles.isLock(name) }

    /// Makes the lock file, and returns its number.
    private static func take(
        _ files: LockFiles, _ own: LockRecord, _ note: (String) -> Void, _ wait: () -> Void
    ) throws(RunFailure) -> Int {
        while true {
            let earlier = files.newest()
            if let earlier { try waitForEnd(of: earlier, files, seenBy: own.process, note, wait) }
            let number = (earlier?.number ?? 0) + 1
            guard try files.create(number, own.text, name: own.token) else { continue }
            // What was seen must still be so: the earlier owner may have woken up, or others come and gone meanwhile.
            let isUnchanged = earlier.map { files.text($0.number) == $0.text } ?? true
            if isUnchanged, files.newest()?.number == number { return number }
            unlink(files.path(number))
        }
    }

    /// Returns when the owner of a lock has ended, or the lock is another one.
    private static func waitForEnd(
        of lock: (number: Int, text: String), _ files: LockFiles, seenBy process: PeerProcess, _ note: (String) -> Void,
        _ wait: () -> Void
    ) throws(RunFailure) {
        let owner = LockRecord(lock.text)
        if let owner, process.canSee(owner.process) {
            // One that is being killed may need a moment.
            for _ in 0..<looksAtTheLiving where !owner.process.hasEnded { wait() }
            guard owner.process.hasEnded else { throw refusal(files.directory, owner) }
            return
        }
        note(
            "\(files.directory) has the lock of \(owner?.process.place ?? "another process"), which cannot be seen from here: "
                + "waiting for up to \(looks) seconds to see whether it is still at work.")
        for _ in 0..<looks {
            wait()
            let text = files.text(lock.number)
            if text == lock.text { continue }
            if let owner, let renewed = LockRecord(text ?? ""), renewed.token == owner.token {
                throw refusal(files.directory, owner)
            }
            return
        }
    }

    private static func refusal(_ directory: String, _ owner: LockRecord) -> RunFailure {
        RunFailure(
            .output,
            "\(directory) is being written by \(owner.process.place). Wait for its end or stop it before you go on with the "
                + "run, or choose another --output.")
    }

    /// Whether another process has taken the run over, as far as this one has noticed.
    var isLost: Bool {
        condition.lock()
        defer { condition.unlock() }
        return loss != nil
    }

    /// Checks that the run is still this process's; to be called before anything is written.
    ///
    /// - Throws: `RunFailure` with `ExitCode.output` when it was taken over.
    package func requireHeld() throws(RunFailure) {
        condition.lock()
        defer { condition.unlock() }
        // Overdue: the process stood still, and so did the thread that renews.
        if MonotonicClock.seconds - lastRenewal > 2 * Self.pause { renewNow() }
        if let loss { throw loss }
    }

    /// Shows others that the owner is alive, or finds out that it is no longer the owner.
    package func renew() {
        condition.lock()
        renewNow()
        condition.unlock()
    }

    /// Gives the lock back; does nothing when it is lost or was given back.
    public func release() {
        condition.lock()
        defer { condition.unlock() }
        guard !isReleased else { return }
        isReleased = true
        condition.broadcast()
        if LockRecord(files.text(number) ?? "")?.token == record.token { unlink(files.path(number)) }
    }

    /// What the thread does again and again; false when there is nothing more to do.
    private func renewAfterPause() -> Bool {
        let end = Date(timeIntervalSinceNow: Self.pause)
        condition.lock()
        defer { condition.unlock() }
        while !isReleased, condition.wait(until: end) {}
        guard !isReleased, loss == nil else { return false }
        renewNow()
        return true
    }

    private func renewNow() {
        guard !isReleased, loss == nil else { return }
        lastRenewal = MonotonicClock.seconds
        // Opened before it is looked at: should it be taken over in between, its old file is written, which nobody reads.
        let descriptor = open(files.path(number), O_WRONLY | O_CLOEXEC)
        // A directory that cannot be reached, or a disk that fails, may be there again the next time.
        guard descriptor >= 0 || errno == ENOENT && access(files.directory, F_OK) == 0 else { return }
        defer { if descriptor >= 0 { close(descriptor) } }
        let newest = files.newest()
        let other = newest.flatMap { LockRecord($0.text) }
        guard descriptor >= 0, newest == nil || newest?.number == number && other?.token == record.token else {
            loss = Self.takenOver(files.directory, other)
            return
        }
        record.renewals += 1
        let bytes = Array(record.text.utf8)
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    private static func takenOver(_ directory: String, _ other: LockRecord?) -> RunFailure {
        let cause =
            other.map { "\($0.process.place) has taken it over while this process stood still" }
            ?? "its lock was removed, by hand or by a process that has taken it over meanwhile"
        return RunFailure(
            .output,
            "\(directory) is no longer written by this process: \(cause). Nothing more is written; see who goes on with the "
                + "run, then go on with --resume.")
    }
}
