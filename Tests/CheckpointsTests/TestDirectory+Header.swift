import TestSupport

extension TestDirectory {
    /// Writes a file of a header's text and data bytes, the length field in front.
    @discardableResult
    func write(header: String, data: [UInt8], _ name: String = "file.safetensors") throws -> String {
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        return try write(length + Array(header.utf8) + data, name)
    }

    /// Writes bytes as a checkpoint of no particular name and returns the path.
    @discardableResult
    func write(_ bytes: [UInt8]) throws -> String { try write(bytes, "file.safetensors") }
}
