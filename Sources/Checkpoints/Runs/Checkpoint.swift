import Foundation
import Tensors

/// The content of a checkpoint as values: texts and named tensors in a fixed order.
///
/// Weights carry the names and the layout of a plain PyTorch module; an optimiser's state is under
/// `optimizer.<slot>.<parameter>` and the normalisation of the images under `normalization.`. See `CheckpointKey` for
/// the texts.
public struct Checkpoint: Sendable {
    /// The version of the content's layout that this program writes and reads.
    public static let format = "1"

    /// The texts, by the keys of `CheckpointKey`.
    public var metadata: [String: String]
    /// The tensors in the order they were appended or lie in the file.
    public private(set) var tensors: [NamedTensor] = []
    /// What sentences call the checkpoint: the path it was read from, or "the checkpoint".
    public let origin: String

    init(metadata: [String: String], tensors: [NamedTensor], origin: String) {
        self.metadata = metadata
        self.tensors = tensors
        self.origin = origin
    }

    /// A checkpoint without tensors.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
        origin = "the checkpoint"
    }

    /// Reads a whole file and checks its digest.
    ///
    /// A file that Lockstep wrote must carry its digest. A file of another program, such as weights saved from PyTorch,
    /// has no `lockstep.` texts and no digest to check; `isNative` tells them apart.
    ///
    /// - Throws: `CheckpointError` for a file that is missing, unreadable, damaged, or in a newer format.
    public init(path: String) throws(CheckpointError) {
        let file = try SafetensorsFile(path: path)
        origin = path
        metadata = file.metadata
        let isNative = metadata.keys.contains { $0.hasPrefix("lockstep.") }
        if let format = metadata[CheckpointKey.format], format != Self.format {
            throw CheckpointError(
                .unsupported,
                "\(path) has format \(HeaderProblem.printable(format)); this program reads format \(Self.format). "
                    + "Use the version of Lockstep that wrote it.")
        }
        var digest = ContentDigest(metadata: metadata, tensorCount: file.entries.count)
        var tensors = [NamedTensor?](repeating: nil, count: file.entries.count)
        let byName = file.entries.indices.sorted {
            ContentDigest.precedes(file.entries[$0].name, file.entries[$1].name)
        }
        for index in byName {
            let entry = file.entries[index]
            let bytes = try file.bytes(of: entry)
            if isNative {
                try Self.requireDigest(of: entry.name, bytes, metadata, path)
                bytes.withUnsafeBytes {
                    digest.add(name: entry.name, elementType: entry.elementType, shape: entry.shape, bytes: $0)
                }
            }
            tensors[index] = NamedTensor(
                name: entry.name, shape: entry.shape, values: entry.elementType.floats(from: bytes))
        }
        if isNative, metadata[CheckpointKey.digest] != digest.hexadecimal() {
            throw CheckpointError.damaged(path, because: "its content does not have the SHA-256 it was written with")
        }
        self.tensors = tensors.compactMap(\.self)
    }

    /// Whether the content was written by Lockstep, and so was checked against its digest when it was read.
    public var isNative: Bool { metadata[CheckpointKey.format] != nil }

    /// Writes the checkpoint with its format and digest to `path`: whole, synced and renamed, or not at all.
    ///
    /// The same content gives the same bytes.
    ///
    /// - Throws: `CheckpointError` when the file cannot be brought to disk; an earlier file at `path` is untouched.
    public func write(to path: String) throws(CheckpointError) {
        var metadata = metadata
        metadata[CheckpointKey.format] = Self.format
        for tensor in tensors {
            metadata[CheckpointKey.tensorDigestPrefix + tensor.name] = tensor.values.withUnsafeBytes {
                SHA256.hexDigest($0)
            }
        }
        metadata[CheckpointKey.digest] = ContentDigest.of(tensors, metadata: metadata)
        try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
    }

    /// Checkpoints from before there were digests of single tensors have only the one of all.
    private static func requireDigest(
        of name: String, _ bytes: [UInt8], _ metadata: [String: String], _ path: String
    ) throws(CheckpointError) {
        guard let expected = metadata[CheckpointKey.tensorDigestPrefix + name] else { return }
        guard bytes.withUnsafeBytes({ SHA256.hexDigest($0) }) == expected else {
            throw CheckpointError.damaged(
                path,
                because: "its tensor \(HeaderProblem.printable(name)) does not have the SHA-256 it was written with")
        }
    }

    /// Appends one tensor.
    ///
    /// - Precondition: no other tensor has its name.
    public mutating func append(_ tensor: NamedTensor) {
        precondition(self[tensor.name] == nil, "two tensors are called \(tensor.name)")
        tensors.append(tensor)
    }

    /// The tensor of that name.
    public subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }

    /// The text under a key of `CheckpointKey`.
    ///
    /// - Throws: `CheckpointError` when there is none.
    public func text(_ key: String) throws(CheckpointError) -> String {
        guard let text = metadata[key] else {
            throw CheckpointError(
                .missing,
                "\(origin) has no \(key), so it cannot be resumed from. Start a new run with its weights instead.")
        }
        return text
    }

    /// The whole number under a key of `CheckpointKey`, at least 0.
    ///
    /// - Throws: `CheckpointError` when there is none, or the text is no such number.
    public func number(_ key: String) throws(CheckpointError) -> Int {
        let text = try text(key)
        guard let number = Int(text), number >= 0 else {
            throw CheckpointError.damaged(
                origin, because: "its \(key) is \(HeaderProblem.printable(text)) and not a whole number")
        }
        return number
    }
}

/// The metadata keys of a checkpoint. All values are texts, as the format demands.
public enum CheckpointKey {
    /// The version of the content's layout; `Checkpoint.write(to:)` sets it to `Checkpoint.format`.
    public static let format = "lockstep.format"
    /// The SHA-256 of the content as 64 hexadecimal digits; set by `Checkpoint.write(to:)`.
    public static let digest = "lockstep.digest"
    /// Before a tensor's name: the SHA-256 of that tensor's elements, as 64 hexadecimal digits; set by
    /// `Checkpoint.write(to:)`. It tells which tensor of a damaged file is the damaged one.
    public static let tensorDigestPrefix = "lockstep.sha256."
    /// The global step: how many steps the run has taken.
    public static let step = "lockstep.step"
    /// The 0-based epoch that the next step belongs to.
    public static let epoch = "lockstep.epoch"
    /// The number of steps the optimiser has taken (`Optimizer.stepCount`).
    public static let optimizerStep = "lockstep.optimizer_step"
    /// The training plan as JSON.
    public static let plan = "lockstep.plan"
    /// The fingerprint of the data the run trains on.
    public static let data = "lockstep.data"
    /// The version of the program that wrote the file.
    public static let program = "lockstep.program"
}

/// A tensor as a checkpoint holds it: a name, extents in the order of the world outside, and its elements.
public struct NamedTensor: Sendable, Hashable {
    /// The name, as `units.0.conv.weight`.
    public let name: String
    /// The extents, outermost first; convolution weights are `[outputs, inputs, height, width]`.
    public let shape: Shape
    /// The elements in row-major order, as many as the shape has.
    public let values: [Float]

    /// A tensor of `shape`, which `values` must fill.
    public init(name: String, shape: Shape, values: [Float]) {
        precondition(values.count == shape.count, "\(values.count) values do not fill \(name) of \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}
