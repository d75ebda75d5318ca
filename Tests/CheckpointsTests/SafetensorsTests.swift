import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    /// What the format's definition says a file of two tensors and one text looks like, built by hand.
    static let header =
        #"{"__metadata__":{"a":"x\"y"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"#
        + #""s":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    /// 1.0, −2.5 and 0.5.
    static let data: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0, 0, 0, 0x3F]

    @Test("a file built by hand from the format's definition is read")
    func readsHandBuiltFile() throws {
        let directory = try TestDirectory()
        let path = try directory.write(header: Self.header, data: Self.data)
        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == ["a": "x\"y"])
        #expect(file.entries.map(\.name) == ["w", "s"])
        #expect(file.entries.map(\.shape) == [[2, 1], []])
        #expect(file.entries.map(\.byteRange) == [0..<8, 8..<12])
        #expect(try file.bytes(of: file.entries[1]) == [0, 0, 0, 0x3F])
        #expect(try Checkpoint(path: path).tensors.map(\.values) == [[1, -2.5], [0.5]])
    }

    @Test("the writer gives the bytes built by hand, padded so that the data starts at a multiple of 64")
    func writesHandBuiltFile() throws {
        let directory = try TestDirectory()
        let tensors = [
            NamedTensor(name: "w", shape: [2, 1], values: [1, -2.5]), NamedTensor(name: "s", shape: [], values: [0.5]),
        ]
        try SafetensorsWriter.write(tensors, metadata: ["a": "x\"y"], to: directory.file("b"))
        let padding = String(repeating: " ", count: 192 - 8 - Self.header.utf8.count)
        try directory.write(header: Self.header + padding, data: Self.data, "a")
        #expect(try directory.read("b") == directory.read("a"))
    }

    @Test("element types other than F32 are converted")
    func convertsElementTypes() throws {
        let directory = try TestDirectory()
        let data =
            withUnsafeBytes(of: -0.25) { Array($0) } + withUnsafeBytes(of: Int64(-3)) { Array($0) } + [0, 7, 255]
        let header = """
            {"d": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
             "u": {"data_offsets": [16, 19], "shape": [3], "dtype": "U8"},
             "i": {"dtype": "I64", "shape": [], "data_offsets": [8, 16]}}
            """
        let checkpoint = try Checkpoint(path: directory.write(header: header, data: data))
        #expect(checkpoint["d"]?.values == [-0.25])
        #expect(checkpoint["u"]?.values == [0, 7, 255])
        #expect(checkpoint["i"]?.values == [-3])
        #expect(!checkpoint.isNative)
    }

    // Guards: the values of both formats of 16 bits, subnormal and infinite ones included, against their definitions.
    @Test("elements of 16 bits are read") func readsHalves() throws {
        let directory = try TestDirectory()
        // 1.5, −2, the smallest subnormal 2⁻²⁴, the largest number 65504, infinity; then 1.5, −2, 2⁻¹³³, infinity.
        let halves: [UInt16] = [0x3E00, 0xC000, 0x0001, 0x7BFF, 0x7C00]
        let brains: [UInt16] = [0x3FC0, 0xC000, 0x0001, 0x7F80]
        let header = """
            {"h": {"dtype": "F16", "shape": [5], "data_offsets": [0, 10]},
             "b": {"dtype": "BF16", "shape": [4], "data_offsets": [10, 18]}}
            """
        let data = (halves + brains).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let checkpoint = try Checkpoint(path: directory.write(header: header, data: data))
        #expect(checkpoint["h"]?.values == [1.5, -2, 0x1p-24, 65504, .infinity])
        #expect(checkpoint["b"]?.values == [1.5, -2, 0x1p-133, .infinity])
    }

    @Test("any value, name and text comes back bit for bit")
    func roundTrips() throws {
        let directory = try TestDirectory()
        let values: [Float] = [.nan, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        let tensors = [
            NamedTensor(name: "größe \"1\"\\\u{1}😀", shape: [2, 3], values: values),
            NamedTensor(name: "empty", shape: [0, 5], values: []), NamedTensor(name: "", shape: [], values: [1]),
        ]
        let metadata = ["plan": "{\"a\":\n\t[1]}", "é": "", "\u{0}\u{1F}\u{7F}": "/\u{8}\u{C}\r"]
        try SafetensorsWriter.write(tensors, metadata: metadata, to: directory.file("x"))
        let read = try Checkpoint(path: directory.file("x"))
        #expect(read.metadata == metadata)
        #expect(read.tensors.map(\.name) == tensors.map(\.name))
        #expect(read.tensors.map(\.shape) == tensors.map(\.shape))
        #expect(read.tensors.map { $0.values.map(\.bitPattern) } == tensors.map { $0.values.map(\.bitPattern) })
    }

    @Test("escapes of other writers are understood, pairs of surrogates included")
    func readsEscapes() throws {
        let directory = try TestDirectory()
        let header = #"{"__metadata__":{"k":"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"}}"#
        let file = try SafetensorsFile(path: directory.write(header: header, data: []))
        #expect(file.metadata["k"] == "é😀/\u{8}\u{C}\n\r\t\"\\")
    }

    @Test("the same content gives the same bytes, in whatever order its texts were added")
    func isDeterministic() throws {
        let directory = try TestDirectory()
        let fixture = CheckpointFixture()
        for name in ["a", "b"] {
            var checkpoint = fixture.checkpoint()
            let keys = (0..<40).map { "key\($0)" }
            for key in name == "a" ? keys : keys.reversed() { checkpoint.metadata[key] = "text of \(key)" }
            try checkpoint.write(to: directory.file(name))
        }
        #expect(try directory.read("a") == directory.read("b"))
    }

    @Test("what is read and written again gives the same file")
    func rewritesTheSameBytes() throws {
        let directory = try TestDirectory()
        try CheckpointFixture().checkpoint().write(to: directory.file("a"))
        try Checkpoint(path: directory.file("a")).write(to: directory.file("b"))
        #expect(try directory.read("a") == directory.read("b"))
    }
}
