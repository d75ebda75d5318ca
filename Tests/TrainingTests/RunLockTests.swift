import Collectives
import Dispatch
import Failures
import Foundation
import Reports
import Synchronization
import TestSupport
import Testing
import Training
import ThreadRanks

@Suite("A run directory has one writer")
struct RunLockTests {
    /// A directory, and processes that may lock it.
    private final class Scene: Sendable {
        let directory: String
        let own = PeerProcess(own: "here")

        init() throws {
            directory = NSTemporaryDirectory() + "lockstep-lock-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        /// A process of another machine.
        let elsewhere = PeerProcess(Array("far\t7\tanother boot\t99".utf8))!

        /// A process of this machine that has ended: its number is another one's now.
        var dead: PeerProcess { PeerProcess(Array("here\t\(getpid())\t\(own.space)\t1".utf8))! }

        /// Takes the lock; `wait` is what happens between two looks at somebody else's.
        func lock(
            _ process: PeerProcess, note: (String) -> Void = { _ in }, wait: () -> Void = { Issue.record("it waited") }
        ) throws -> RunLock {
            try RunLock(directory, process: process, note: note, wait: wait)
        }

        /// Leaves the lock of a process behind, as a kill does.
        func leaveLock(of process: PeerProcess, number: Int = 1, renewals: String = "0") throws {
            let text = "\(renewals)\ttoken\t\(String(decoding: process.bytes, as: UTF8.self))\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/writer-\(number).lock"))
        }

        var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }
    }

    private func failure(_ body: () throws -> Void) -> RunFailure? {
        do { try body() } catch { return error as? RunFailure }
        return nil
    }

    // Guards: a second writer is refused with the first one's host and process where that process can be seen;
    // a lock that was given back leaves nothing, and the directory is free again.
    @Test func refusesASecondWriter() throws {
        let scene = try Scene()
        let first = try scene.lock(scene.own)
        let refused = failure { _ = try scene.lock(PeerProcess(own: "here"), wait: {}) }
        #expect(refused?.exitCode == .output)
        #expect(refused?.description.contains("here (process \(getpid()))") == true, "\(refused?.description ?? "")")
        first.release()
        #expect(scene.names.isEmpty)
        try scene.lock(scene.own).release()
    }

    // Guards: the lock of a process that was killed is no obstacle, not for a moment, and goes with the next one's.
    @Test func takesOverFromTheDeadAtOnce() throws {
        let scene = try Scene()
        try scene.leaveLock(of: scene.dead, number: 41)
        try Data().write(to: URL(fileURLWithPath: scene.directory + "/.writer-half-made"))
        let lock = try scene.lock(scene.own)
        #expect(scene.names == ["writer-42.lock"])
        try lock.requireHeld()
        lock.release()
        #expect(scene.names.isEmpty)
    }

    // Guards: a lock whose owner cannot be seen is watched, which is said, and taken over when it does not move, whatever
    // is in it; one that moves is its owner's.
    @Test(arguments: [true, false]) func watchesWhatItCannotSee(isReadable: Bool) throws {
        let scene = try Scene()
        try scene.leaveLock(of: scene.elsewhere)
        if !isReadable { try Data().write(to: URL(fileURLWithPath: scene.directory + "/writer-1.lock")) }
        var notes: [String] = []
        var looks = 0
        let lock = try scene.lock(scene.own, note: { notes.append($0) }, wait: { looks += 1 })
        #expect(looks > 9 && notes.count == 1 && notes[0].contains(isReadable ? "far (process 7)" : "another process"))
        #expect(scene.names == ["writer-2.lock"])
        lock.release()

        try scene.leaveLock(of: scene.elsewhere)
        var renewals = 0
        let refused = failure {
            _ = try scene.lock(
                scene.own,
                wait: {
                    renewals += 1
                    if renewals == 5 { try? scene.leaveLock(of: scene.elsewhere, renewals: "1") }
                })
        }
        #expect(renewals == 5 && refused?.description.contains("far (process 7)") == true)
        #expect(scene.names == ["writer-1.lock"])
    }

    // Guards: of many newcomers that find the lock of a dead one, exactly one gets it, every time.
    @Test func oneOfManyNewcomersTakesOver() throws {
        for _ in 0..<50 {
            let scene = try Scene()
            try scene.leaveLock(of: scene.dead)
            let winners = Mutex<[RunLock]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                if let lock = try? scene.lock(scene.own, wait: {}) { winners.withLock { $0.append(lock) } }
            }
            let locks = winners.withLock { $0 }
            #expect(locks.count == 1)
            #expect(scene.names == ["writer-2.lock"])
            for lock in locks { lock.release() }
        }
    }

    // Guards: an owner that stood still until it was taken over finds that out, by name, and leaves the other's lock alone.
    @Test func aPausedOwnerFindsOut() throws {
        let scene = try Scene()
        let paused = try scene.lock(scene.elsewhere)
        paused.renew()
        try paused.requireHeld()
        let next = try scene.lock(scene.own, wait: {})
        paused.renew()
        let lost = failure { try paused.requireHeld() }
        #expect(lost?.exitCode == .output && lost?.description.contains("here (process \(getpid()))") == true)
        paused.release()
        next.renew()
        try next.requireHeld()
        next.release()
        #expect(scene.names.isEmpty)
    }

    // Guards: a directory that is out of reach for a while, as on a network, is not lost; one without the lock is.
    @Test func onlyARemovedLockIsLost() throws {
        let scene = try Scene()
        let lock = try scene.lock(scene.own)
        let away = scene.directory + "-away"
        try FileManager.default.moveItem(atPath: scene.directory, toPath: away)
        lock.renew()
        try FileManager.default.moveItem(atPath: away, toPath: scene.directory)
        lock.renew()
        try lock.requireHeld()
        unlink(scene.directory + "/writer-1.lock")
        lock.renew()
        #expect(failure { try lock.requireHeld() }?.exitCode == .output)
    }

    // Guards: the owner renews its lock by itself, without which others would take the run from it.
    @Test(.endsHangs) func renewsByItself() throws {
        let scene = try Scene()
        let lock = try RunLock(scene.directory, hostName: "here") { _ in }
        let path = scene.directory + "/writer-1.lock"
        let first = try String(contentsOfFile: path, encoding: .utf8)
        while try String(contentsOfFile: path, encoding: .utf8) == first { usleep(50_000) }
        lock.release()
    }

    // Guards: a run whose directory was taken over ends on all ranks with the code for it, and writes nothing more.
    @Test(arguments: [1, 3]) func aRunThatWasTakenOverEnds(ranks: Int) throws {
        let run = try SmallRun()
        let options = run.options("run")
        let plan = SmallRun.plan()
        try FileManager.default.createDirectory(atPath: options.output, withIntermediateDirectories: true)
        let elsewhere = PeerProcess(Array("far\t7\tanother boot\t99".utf8))!
        let lock = try RunLock(options.output, process: elsewhere, note: { _ in }, wait: {})
        let next = try RunLock(options.output, process: PeerProcess(own: "here"), note: { _ in }, wait: {})
        lock.renew()
        let failures = try ThreadGroup.run(ranks: ranks) { communicator -> RunFailure? in
            let data = SmallRun.data(plan)
            let training = try TrainingRun(
                plan, data: data, job: JobStart(plan, data: data, over: communicator), options: options,
                communicator: communicator, lock: communicator.rank == 0 ? lock : nil)
            return failure { try training.run() }
        }
        #expect(failures.allSatisfy { $0?.exitCode == .output && $0?.isShared == true })
        #expect(try run.metrics(options).isEmpty)
        let names = try FileManager.default.contentsOfDirectory(atPath: options.output).sorted()
        #expect(names == ["metrics.jsonl", "writer-2.lock"])
        next.release()
    }
}
