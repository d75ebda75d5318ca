import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct HostileFileTests {
    @Test("a file cut at any byte is refused")
    func refusesTruncation() throws {
        let directory = try TestDirectory()
        try CheckpointFixture().checkpoint().write(to: directory.file("whole"))
        let bytes = try directory.read("whole")
        for length in 0..<bytes.count {
            let path = try directory.write(Array(bytes[..<length]))
            let error = checkpointError { _ = try SafetensorsFile(path: path) }
            #expect(error?.problem == .damaged, "cut to \(length) bytes")
            #expect(error?.description.hasPrefix("\(path) is damaged, because ") == true)
        }
        let longer = try directory.write(bytes + [0])
        #expect(checkpointError { _ = try SafetensorsFile(path: longer) }?.problem == .damaged)
    }

    @Test("no flipped bit of a checkpoint passes unseen")
    func detectsBitFlips() throws {
        let directory = try TestDirectory()
        var checkpoint = Checkpoint(metadata: [CheckpointKey.step: "7", CheckpointKey.program: "1.0"])
        for (name, shape) in [("units.0.bn.bias", Shape([3])), ("units.0.conv.weight", [5, 3, 3, 3]), ("b", [1, 2])] {
            let values = (0..<shape.count).map { Float($0) * 0.37 - 3 }
            checkpoint.append(NamedTensor(name: name, shape: shape, values: values))
        }
        try checkpoint.write(to: directory.file("whole"))
        let bytes = try directory.read("whole")
        #expect(8 * bytes.count > 10_000)
        // Every bit, header and data: over 10,000 flips.
        for bit in 0..<8 * bytes.count {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let path = try directory.write(damaged)
            #expect(checkpointError { _ = try Checkpoint(path: path) } != nil, "bit \(bit)")
        }
    }

    @Test("garbage in the header, of any size, is refused or harmless, and never crashes")
    func survivesGarbage() throws {
        let directory = try TestDirectory()
        try CheckpointFixture().checkpoint().write(to: directory.file("whole"))
        let bytes = try directory.read("whole")
        let whole = try Checkpoint(path: directory.file("whole"))
        let tokens = ["\"", "{", "}", "[", "]", ":", ",", "9999999999999999999", "-1", "1e9", "\\u", "\\", " ", "null"]
        var stream = RandomStream(seed: 1, purpose: .synthetic)
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &stream) {
                let place = Int.random(in: 0..<min(700, damaged.count), using: &stream)
                let end = min(place + Int.random(in: 0...6, using: &stream), damaged.count)
                damaged.replaceSubrange(place..<end, with: tokens.randomElement(using: &stream)!.utf8)
            }
            let path = try directory.write(damaged)
            // A space in place of a space is harmless; whatever is read must be what was written.
            var read: Checkpoint?
            let error = checkpointError { read = try Checkpoint(path: path) }
            #expect(error != nil || (read?.tensors == whole.tensors && read?.metadata == whole.metadata))
        }
    }

    static let headers: [(header: String, reason: String)] = [
        ("", "its header does not begin with {"),
        (" {}", "its header does not begin with {"),
        ("{", "its header ends in the middle of an entry"),
        ("{} x", "its header cannot be read at byte 3"),
        (#"{"a":1}"#, "its header cannot be read at byte 5"),
        (#"{"a":{}}"#, "the entry of a lacks dtype, shape or data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0]}}"#, "the entry of a lacks"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"x":"y"}}"#, "the entry of a has a wrong field x"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, "has a wrong field dtype"),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,12]}}"#, "the shape of a does not fill its 12 bytes"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}"#, "a lies at 0..<16 of 12 bytes of data"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}}"#, "a lies at 12..<0 of 12 bytes of data"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "its tensors cover 8 of 12 bytes of data"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, "no tensor covers the bytes at byte 0"),
        ("{}", "its tensors cover 0 of 12 bytes of data"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"#
                + #""data_offsets":[4,12]}}"#, "two tensors overlap at byte 4 of the data"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"#
                + #""data_offsets":[0,12]}}"#, "its header lists a twice"
        ),
        (#"{"__metadata__":{"k":"1","k":"2"}}"#, "its metadata lists k twice"),
        (#"{"__metadata__":{"k":1}}"#, "its header cannot be read at byte 21"),
        (
            #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,12]}}"#,
            "the shape of a does not fill its 12 bytes"
        ),
        (
            #"{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}}"#,
            "the shape of a does not fill its 0 bytes"
        ),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,12]}}"#, "a number of too many digits"),
        (#"{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}"#, "cannot be read at byte 29"),
        (#"{"a":{"dtype":"F32","shape":[3.0],"data_offsets":[0,12]}}"#, "cannot be read at byte 30"),
        (#"{"a":{"dtype":"F32","shape":[03],"data_offsets":[0,12]}}"#, "cannot be read at byte 29"),
        (#"{"\ud83d":{}}"#, "cannot be read at byte"), (#"{"\udc00\ud83d":{}}"#, "cannot be read at byte"),
        (#"{"\u12G4":{}}"#, "cannot be read at byte 6"), ("{\"\n\":{}}", "cannot be read at byte 2"),
        ("{\"a\u{1B}[31mb\":{}}", "cannot be read at byte 3"),
        (#"{"\u001b[31m":{}}"#, "the entry of ?[31m lacks"),
    ]

    @Test("a header that does not describe the data is refused with its reason", arguments: headers)
    func refusesHostileHeaders(header: String, reason: String) throws {
        let directory = try TestDirectory()
        let path = try directory.write(header: header, data: SafetensorsTests.data)
        let error = checkpointError { _ = try SafetensorsFile(path: path) }
        #expect(error?.problem == .damaged)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test("a name that is not UTF-8 is refused, and a long one is cut in the sentence")
    func refusesBadNames() throws {
        let directory = try TestDirectory()
        let wrong = try directory.write([6, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF] + Array("\":1".utf8))
        #expect(checkpointError { _ = try SafetensorsFile(path: wrong) }?.description.contains("not UTF-8") == true)
        let long = try directory.write(header: "{\"\(String(repeating: "x", count: 9999))\":{}}", data: [])
        #expect(checkpointError { _ = try SafetensorsFile(path: long) }!.description.utf8.count < 400)
    }

    @Test("an unknown element type is named, with what to do")
    func namesUnknownTypes() throws {
        let directory = try TestDirectory()
        let header = #"{"w":{"dtype":"I16","shape":[6],"data_offsets":[0,12]}}"#
        let path = try directory.write(header: header, data: SafetensorsTests.data)
        let error = checkpointError { _ = try SafetensorsFile(path: path) }
        #expect(error?.problem == .unsupported)
        #expect(
            error?.description
                == "\(path) cannot be used, because w has type I16, and only F32, F64, F16, BF16, I64, U8 are read. "
                + "Convert it to F32 and save it again.")
    }

    @Test(
        "a header longer than the file, or than any reader takes, is refused before it is read",
        arguments: [UInt64.max, 1 << 63, 13, 100_000_001, UInt64(Int.max) - 7])
    func refusesLongHeaders(length: UInt64) throws {
        let directory = try TestDirectory()
        let path = try directory.write(withUnsafeBytes(of: length.littleEndian) { Array($0) } + SafetensorsTests.data)
        // A file with a hole of 150 MB, which takes no room: long enough for the header of 100,000,001 bytes.
        if length > 13 { #expect(truncate(path, 150_000_000) == 0) }
        let error = checkpointError { _ = try SafetensorsFile(path: path) }
        #expect(error?.problem == .damaged)
        #expect(error?.description.contains("its header claims \(length)") == true)
    }

    @Test("what is no file is refused at once, and a pipe without waiting for a writer", .endsHangs)
    func refusesOtherThingsThanFiles() throws {
        let directory = try TestDirectory()
        try #require(mkfifo(directory.file("pipe"), 0o600) == 0)
        try directory.write([], "empty")
        let expected: [(String, CheckpointProblem)] = [
            (directory.path, .unreadable), (directory.file("pipe"), .unreadable), ("/dev/zero", .unreadable),
            (directory.file("none"), .missing), (directory.file("empty/none"), .missing), ("", .missing),
            (directory.file("empty"), .damaged),
        ]
        for (path, problem) in expected {
            #expect(checkpointError { _ = try SafetensorsFile(path: path) }?.problem == problem, "\(path)")
        }
    }
}
