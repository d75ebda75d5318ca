import Foundation

/// Writes safetensors files: the same content always gives the same bytes, and a file appears whole or not at all.
public enum SafetensorsWriter {
    /// The data starts at a multiple of this many bytes; the header is padded with spaces.
    static let dataAlignment = 64

    /// Writes tensors, in their order, and metadata, sorted by key, to `path`.
    ///
    /// The bytes go to a temporary file in the same directory, which is synced and renamed; on any failure an earlier
    /// file at `path` stays as it was and nothing is left behind.
    ///
    /// - Precondition: no two tensors have the same name, and none is called `__metadata__`.
    /// - Throws: `CheckpointError` when the file cannot be brought to disk.
    public static func write(
        _ tensors: [NamedTensor], metadata: [String: String], to path: String
    ) throws(CheckpointError) {
        let start = head(tensors, metadata: metadata)
        guard start.count - 8 <= SafetensorsHeader.longest else {
            throw CheckpointError(
                .unwritable,
                "\(path) cannot be written: its header would have \(start.count - 8) bytes, and no reader takes more "
                    + "than \(SafetensorsHeader.longest). Store fewer tensors or shorter metadata.")
        }
        let file = try OutputFile(replacing: path)
        try append(start, to: file)
        for tensor in tensors { try append(tensor.values, to: file) }
        try file.commit()
    }

    /// The length field and the padded header.
    static func head(_ tensors: [NamedTensor], metadata: [String: String]) -> [UInt8] {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have the same name")
        precondition(!tensors.contains { $0.name == SafetensorsHeader.metadataKey }, "a tensor is called __metadata__")
        var members: [String] = []
        if !metadata.isEmpty {
            let keys = metadata.keys.sorted(by: ContentDigest.precedes)
            let texts = keys.map { "\(quoted($0)):\(quoted(metadata[$0]!))" }
            members.append("\(quoted(SafetensorsHeader.metadataKey)):{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.values.count * ElementType.float32.byteCount
            let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        let unpadded = 8 + text.count
        let padded = (unpadded + dataAlignment - 1) / dataAlignment * dataAlignment
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padded - unpadded))
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    /// A JSON string: quotes, backslashes and control characters escaped, all else as UTF-8.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func append<Element>(
        _ elements: [Element], to file: borrowing OutputFile
    ) throws(CheckpointError) {
        let outcome = elements.withUnsafeBytes { bytes in
            Result<Void, CheckpointError> { () throws(CheckpointError) in try file.append(bytes) }
        }
        try outcome.get()
    }
}
