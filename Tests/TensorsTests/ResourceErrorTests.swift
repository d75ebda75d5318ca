import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("What the system refuses is thrown, with the limit's name")
struct ResourceErrorTests {
    private let absurd = 1 << 60

    // Guards: a block that no system has is an error and not the end of the process; small ones are zeroed and aligned.
    @Test func memory() throws {
        for refused in [
            #expect(throws: ResourceError.self, performing: { _ = try AlignedMemory(allocating: absurd) }),
            #expect(throws: ResourceError.self, performing: { _ = try Tensor(allocating: [absurd / 4]) }),
            #expect(throws: ResourceError.self, performing: { try SystemMemory.require(absurd) }),
        ] {
            #expect(refused?.description.hasPrefix("The system refuses another 1152921504607 MB of memory: ") == true)
        }
        let tensor = try Tensor(allocating: [3, 5])
        #expect(tensor.values == Array(repeating: 0, count: 15))
        #expect(UInt(bitPattern: tensor.pointer) % 64 == 0)
    }

    // Guards: a thread that cannot start throws and its body is never run; one that can runs it under its name.
    @Test(.endsHangs) func threads() throws {
        let error = #expect(throws: ResourceError.self) {
            try NamedThread.start("giant", stackBytes: 1 << 50) { Issue.record("it was refused") }
        }
        #expect(error?.description.contains(" of memory: ") == true)
        let name = Mutex("")
        let end = DispatchSemaphore(value: 0)
        try NamedThread.start("lockstep test") {
            name.withLock { $0 = Thread.current.name ?? "" }
            end.signal()
        }
        end.wait()
        #expect(name.withLock { $0 } == "lockstep test")
        try NamedThread.require(3)
    }

    // Guards: a control group that is used up is named with its limit, the process's own or one above it, in both versions
    // of the hierarchy; one that has room is not blamed.
    @Test(arguments: [
        ("0::/job/rank\n", "/sys/fs/cgroup/job", "7", true), ("0::/job/rank\n", "/sys/fs/cgroup/job/rank", "8", true),
        ("5:cpu:/x\n4:pids:/job\n", "/sys/fs/cgroup/pids/job", "7", true),
        ("0::/job/rank\n", "/sys/fs/cgroup/job", "6", false), ("0::/other\n", "/sys/fs/cgroup/job", "7", false),
    ])
    func controlGroup(membership: String, directory: String, current: String, isFull: Bool) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (path, text) in [
            ("/proc/self/cgroup", membership), (directory + "/pids.max", "7\n"), (directory + "/pids.current", current),
        ] {
            let url = URL(fileURLWithPath: root + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let sentence = SystemLimits(root: root).onThreads
        let blamesGroup = sentence == "pids.max 7 bounds the processes and threads of control group \(directory)"
        #expect(blamesGroup == isFull)
    }
}
