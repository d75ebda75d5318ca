import Foundation
import Hosts
import Testing
import Training

@Suite("What the system says of a host")
struct SystemFilesTests {
    /// Files below a directory of their own, read by `body`.
    private func with<Result>(_ texts: [String: String], _ body: (SystemFiles) throws -> Result) throws -> Result {
        let root = NSTemporaryDirectory() + "lockstep-system-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (path, text) in texts {
            let file = URL(fileURLWithPath: root + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try body(SystemFiles(root: root))
    }

    // Guards: a host is read as it is: masks, physical cores, processor and memory.
    @Test func readsAHost() throws {
        var texts = [
            "/sys/devices/system/cpu/online": "0-3\n", "/proc/self/status": "Cpus_allowed_list:\t0,2,3\n",
            "/proc/cpuinfo": "processor\t: 0\nmodel name\t: Fast  Processor 3 @ 2 GHz\n\nmodel name\t: Other\n",
            "/proc/meminfo": "MemTotal:       1000 kB\nMemAvailable:    400 kB\n",
        ]
        for core in 0..<4 {
            texts["/sys/devices/system/cpu/cpu\(core)/topology/thread_siblings_list"] = "\(core % 2),\(core % 2 + 2)\n"
        }
        let facts = try with(texts) { RankFacts(rank: 2, host: "a", threads: 3, files: $0) }
        #expect(facts.rank == 2 && facts.place.host == "a" && facts.place.threads == 3)
        #expect(facts.place.cores.numbers == [0, 2, 3] && facts.place.hostCoreCount == 4)
        #expect(facts.physicalCores.numbers == [0, 1] && facts.hostPhysicalCount == 2)
        #expect(facts.processor == "Fast Processor 3 @ 2 GHz")
        #expect(facts.memory == HostMemory(total: 1_024_000, available: 409_600))
        #expect(facts.groups == [] && facts.coreLimit == nil && facts.freeMemory == 409_600)
    }

    // Guards: a system that says nothing is no crash and gives no finding.
    @Test func silenceIsNoFinding() throws {
        let facts = try with([:]) { RankFacts(rank: 0, host: "a", threads: 8, files: $0) }
        #expect(facts.place.cores.count == 0 && facts.memory == nil && !facts.processor.isEmpty)
        #expect(Diagnosis([facts], need: MemoryNeed(rankBytes: [1 << 40], hostBytes: 0)).findings == [])
    }

    // Guards: limits of version 2 are found in the own group and in those around it; the tightest counts.
    @Test func readsVersionTwo() throws {
        let texts = [
            "/proc/self/cgroup": "0::/job/step\n", "/sys/fs/cgroup/job/step/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/job/cpu.max": "150000 100000\n", "/sys/fs/cgroup/cpu.max": "400000 100000\n",
            "/sys/fs/cgroup/job/step/memory.max": "1000\n", "/sys/fs/cgroup/job/step/memory.current": "900\n",
            "/sys/fs/cgroup/job/step/memory.stat": "anon 5\ninactive_file 300\n",
            "/sys/fs/cgroup/job/memory.max": "max\n",
        ]
        let groups = try with(texts, ControlGroup.limiting)
        #expect(
            groups == [
                ControlGroup(directory: "/sys/fs/cgroup/job/step", freeMemory: 400),
                ControlGroup(directory: "/sys/fs/cgroup/job", cores: 1.5),
                ControlGroup(directory: "/sys/fs/cgroup", cores: 4),
            ])
    }

    // Guards: limits of version 1 are found, at the root where a container names its group by a path outside.
    @Test func readsVersionOne() throws {
        let texts = [
            "/proc/self/cgroup": "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "2000\n",
            "/sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes": "500\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        ]
        let groups = try with(texts, ControlGroup.limiting)
        #expect(
            groups == [
                ControlGroup(directory: "/sys/fs/cgroup/cpu", cores: 0.5),
                ControlGroup(directory: "/sys/fs/cgroup/memory/docker/x", freeMemory: 1500),
            ])
    }

    // Guards: nonsense and no limit are no limit.
    @Test(arguments: ["max 100000", "", "0 100000", "-1 100000", "100000 0", "x y", "100000"])
    func noLimit(text: String) throws {
        #expect(try with(["/sys/fs/cgroup/cpu.max": text], ControlGroup.limiting) == [])
        let old = ["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"]
        #expect(try with(old, ControlGroup.limiting) == [])
    }
}
