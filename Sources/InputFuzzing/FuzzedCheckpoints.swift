import Checkpoints
import Tensors

/// The safetensors and checkpoint reader.
///
/// An accepted file has entries that lie in its data, cover it without overlap and give back exactly its bytes. One
/// with the texts of Lockstep has also kept the content that its digest was made of.
package final class FuzzedCheckpoints: FuzzedReader {
    package let name = "checkpoint"
    package let samples: [[UInt8]]
    package let tokens = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ud83d\\ude00", "\\u0000", " ", "\t", "null",
        "true",
        "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"F64\"", "\"F16\"", "\"I64\"",
        "\"U8\"",
        "\"BF16\"", "\"lockstep.format\"", "\"lockstep.digest\"", "\"weight\":{}", ",\"shape\":[0]", "[0,0]", "[4,2]",
        "[]",
        ",\"weight\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}",
        ",\"a\":{\"dtype\":\"U8\",\"shape\":[9,0],\"data_offsets\":[72,72]}", ",\"__metadata__\":{}",
    ].map { Array($0.utf8) }

    /// What the checkpoints of Lockstep among the samples hold.
    private let contents: [Checkpoint]
    private let directory: ScratchDirectory
    private let file: ScratchFile

    /// Writes the samples: two checkpoints of Lockstep and a file of another program.
    package init() throws {
        directory = try ScratchDirectory()
        var samples: [[UInt8]] = []
        var contents: [Checkpoint] = []
        for (name, checkpoint) in [("first", Self.checkpoint(scale: 1)), ("second", Self.checkpoint(scale: -0.5))] {
            try checkpoint.write(to: directory.file(name))
            samples.append(try directory.read(name))
            contents.append(try Checkpoint(path: directory.file(name)))
        }
        samples.append(Self.foreignFile)
        self.samples = samples
        self.contents = contents
        file = try ScratchFile(path: directory.file("input"))
    }

    /// What a mutation added or removed belongs to the header from now on: the length in front of it fits again.
    package func framed(_ input: [UInt8]) -> [UInt8] {
        // The samples have this many bytes of data; the rest is header.
        guard input.count >= 8 + Self.dataLength else { return input }
        let length = UInt64(input.count - 8 - Self.dataLength)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + input.dropFirst(8)
    }

    package func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        try file.fill(input)
        var opened: SafetensorsFile?
        do throws(CheckpointError) {
            opened = try SafetensorsFile(path: file.path)
        } catch {
            try BrokenPromise.unlessSentence(error.description, names: file.path)
        }
        if let opened { try check(opened, input) }
        var checkpoint: Checkpoint?
        do throws(CheckpointError) {
            checkpoint = try Checkpoint(path: file.path)
        } catch {
            try BrokenPromise.unlessSentence(error.description, names: file.path)
        }
        guard let checkpoint else { return false }
        try BrokenPromise.unless(opened != nil, "A checkpoint was read whose header is refused.")
        try Self.checkUnchanged(checkpoint, contents)
        return true
    }

    private func check(_ opened: SafetensorsFile, _ input: [UInt8]) throws(BrokenPromise) {
        let length = input.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let data = input.dropFirst(8 + length)
        var covered = 0
        let inPlace = opened.entries.sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
        for entry in inPlace {
            let range = entry.byteRange
            try BrokenPromise.unless(
                range.lowerBound >= 0 && range.upperBound <= data.count, "\(range) is outside \(data.count) bytes.")
            try BrokenPromise.unless(
                entry.shape.count * entry.elementType.byteCount == range.count, "\(entry.shape) does not fill \(range)."
            )
            covered += range.count
            var bytes: [UInt8]?
            do throws(CheckpointError) { bytes = try opened.bytes(of: entry) } catch {
                try BrokenPromise.unlessSentence(error.description, names: file.path)
            }
            let expected = data.dropFirst(range.lowerBound).prefix(range.count)
            try BrokenPromise.unless(bytes?.elementsEqual(expected) == true, "\(range) gave other bytes.")
        }
        try BrokenPromise.unless(covered == data.count, "The entries cover \(covered) of \(data.count) bytes.")
        let names = Set(opened.entries.map(\.name))
        try BrokenPromise.unless(names.count == opened.entries.count, "Two entries have the same name.")
    }

    private static func checkUnchanged(_ read: Checkpoint, _ contents: [Checkpoint]) throws(BrokenPromise) {
        guard read.isNative else { return }
        let tensors = Set(read.tensors)
        let isKnown = contents.contains { $0.metadata == read.metadata && Set($0.tensors) == tensors }
        try BrokenPromise.unless(isKnown, "A checkpoint was accepted whose content was never written.")
    }

    /// The bytes of every sample's data.
    private static let dataLength = 72

    private static func checkpoint(scale: Float) -> Checkpoint {
        var checkpoint = Checkpoint(metadata: [CheckpointKey.step: "7", CheckpointKey.plan: #"{"recipe":"é\n"}"#])
        let values = (0..<12).map { Float($0) * scale }
        checkpoint.append(NamedTensor(name: "weight", shape: [3, 4], values: values))
        checkpoint.append(NamedTensor(name: "bias", shape: [4], values: Array(values.prefix(4))))
        checkpoint.append(NamedTensor(name: "count", shape: [], values: [scale]))
        checkpoint.append(NamedTensor(name: "nothing", shape: [0, 5], values: []))
        checkpoint.append(NamedTensor(name: "rest", shape: [1], values: [1]))
        return checkpoint
    }

    /// A file as another program writes it: all element types, no texts of Lockstep, the data in another order.
    private static var foreignFile: [UInt8] {
        let header =
            #"{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[2],"data_offsets":[24,40]},"#
            + #""a":{"dtype":"F64","shape":[3,1],"data_offsets":[0,24]},"c":{"dtype":"U8","shape":[20],"#
            + #""data_offsets":[40,60]},"d":{"dtype":"F32","shape":[3],"data_offsets":[60,72]}} "#
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
        return length + Array(header.utf8) + (0..<dataLength).map { UInt8(3 * $0) }
    }
}
