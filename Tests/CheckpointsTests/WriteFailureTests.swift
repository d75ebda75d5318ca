import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct WriteFailureTests {
    @Test("a directory that is gone, or is a file, gets a sentence")
    func namesUnusableDirectories() throws {
        let directory = try TestDirectory()
        try directory.write([1], "file")
        for (place, reason) in [("gone", "no such file or directory"), ("file", "not a directory")] {
            let path = directory.file("\(place)/x.safetensors")
            let error = checkpointError { try CheckpointFixture().checkpoint().write(to: path) }
            #expect(error?.problem == .unwritable)
            #expect(error?.description.hasPrefix("\(path) cannot be written: \(reason). ") == true)
        }
        #expect(directory.names == ["file"])
    }

    @Test("when the last step, the rename, fails, nothing is left behind")
    func cleansUpAfterRename() throws {
        let directory = try TestDirectory()
        try FileManager.default.createDirectory(atPath: directory.file("x"), withIntermediateDirectories: false)
        let error = checkpointError { try CheckpointFixture().checkpoint().write(to: directory.file("x")) }
        #expect(error?.problem == .unwritable)
        #expect(directory.names == ["x"])
    }

    @Test("a write that fails half-way leaves the earlier file and nothing else")
    func keepsEarlierFile() async {
        // In a process of its own, which the system allows no file above 2,000 bytes.
        await #expect(processExitsWith: .success) {
            let directory = try TestDirectory()
            var small = Checkpoint(metadata: [CheckpointKey.step: "1"])
            small.append(NamedTensor(name: "w", shape: [2], values: [1, 2]))
            let path = directory.file("x")
            try small.write(to: path)
            let before = try directory.read("x")
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 2000, rlim_max: 2000)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
            var large = small
            large.append(NamedTensor(name: "big", shape: [1000], values: Array(repeating: 1, count: 1000)))
            guard let error = checkpointError({ try large.write(to: path) }) else { exit(3) }
            guard error.description.hasPrefix("\(path) cannot be written: file too large. Raise the limit") else {
                exit(4)
            }
            guard directory.names == ["x"], try directory.read("x") == before else { exit(5) }
            _ = try Checkpoint(path: path)
        }
    }

    @Test("too many open files are told with the limit that helps, in reading and in writing")
    func namesTheLimitOnOpenFiles() async {
        await #expect(processExitsWith: .success) {
            let directory = try TestDirectory()
            let path = directory.file("x")
            try CheckpointFixture().checkpoint().write(to: path)
            var limit = rlimit(rlim_cur: 3, rlim_max: 3)
            guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(2) }
            let written = checkpointError { try CheckpointFixture().checkpoint().write(to: path) }
            let read = checkpointError { _ = try Checkpoint(path: path) }
            for (error, verb) in [(written, "written"), (read, "read")] {
                let sentence = "\(path) cannot be \(verb): too many open files. Raise ulimit -n, which is 3"
                guard error?.description.hasPrefix(sentence) == true else { exit(3) }
            }
        }
    }

    @Test("an output that is given up removes its temporary file, and one that is not shows no name early")
    func appearsWholeOrNotAtAll() throws {
        let directory = try TestDirectory()
        func giveUp() throws {
            let file = try OutputFile(replacing: directory.file("x"))
            try [1, 2, 3].withUnsafeBytes { try file.append($0) }
            #expect(directory.names == [".x.\(getpid()).partial"])
        }
        try giveUp()
        #expect(directory.names.isEmpty)
        let file = try OutputFile(replacing: directory.file("x"))
        try file.commit()
        #expect(directory.names == ["x"])
    }
}
