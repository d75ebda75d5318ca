import Foundation

/// Results as JSON text.
///
/// Names become keys as `imagesPerSecond` becomes `images_per_second`, while the keys of dictionaries stay as they are.
/// What is nil, and a number that is not finite, for which JSON has no form, is null. Numbers read back to the same bits.
package enum JSONText {
    /// What the text looks like.
    package enum Style: Sendable {
        /// `{"a": 1, "b": 2}`, in the order in which the values are declared.
        case record
        /// `{"a":1,"b":2}`, in the order in which the values are declared.
        case line
        /// `{"a":1,"b":2}`, keys in the order of the alphabet, whole numbers without a decimal point.
        case sorted
        /// As `sorted`, every value on a line of its own.
        case page
    }

    /// The text of a value, without a newline at its end.
    package static func text(_ value: some Encodable, _ style: Style) -> String {
        let node = JSONNode()
        do {
            try node.set(value)
        } catch {
            preconditionFailure("the encoding of \(type(of: value)) throws: \(error)")
        }
        return node.text(style, indent: "\n")
    }
}

/// A value whose members stand among those of the object around it, as if they were the object's own.
package protocol InlineEncodable: Encodable {}

/// One value of a JSON text, which takes what it is to be as Swift's `Encoder`.
private final class JSONNode: Encoder {
    private enum Content {
        case null
        case bool(Bool)
        case integer(String)
        case decimal(Double)
        case string(String)
        case array([JSONNode])
        case object([(key: String, value: JSONNode)])
    }

    private var content = Content.null
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func set(_ value: some Encodable) throws {
        switch value {
        case let value as Bool: content = .bool(value)
        case let value as String: content = .string(value)
        case let value as Double: content = .decimal(value)
        case let value as any BinaryInteger: content = .integer("\(value)")
        case let value as [String: any Encodable]:
            content = .object([])
            for (key, value) in value.sorted(by: { $0.key < $1.key }) { try add(key).set(value) }
        default: try value.encode(to: self)
        }
    }

    func add(_ key: String) -> JSONNode {
        let node = JSONNode()
        if case .object(let members) = content { content = .object(members + [(key, node)]) }
        return node
    }

    func append() -> JSONNode {
        let node = JSONNode()
        if case .array(let items) = content { content = .array(items + [node]) }
        return node
    }

    var count: Int {
        if case .array(let items) = content { items.count } else { 0 }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = content {} else { content = .object([]) }
        return KeyedEncodingContainer(JSONMembers<Key>(node: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        content = .array([])
        return JSONItems(node: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONSingle(node: self) }

    // MARK: - Writing

    /// - Parameter indent: what begins a line beside this value.
    func text(_ style: JSONText.Style, indent: String) -> String {
        switch content {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let digits): digits
        case .decimal(let value): Self.text(value, style)
        case .string(let text): Self.quoted(text)
        case .array(let items):
            Self.list("[", items.map { $0.text(style, indent: indent + "  ") }, "]", style, indent: indent)
        case .object(let members):
            Self.list(
                "{", Self.ordered(members, style).map { $0 + $1.text(style, indent: indent + "  ") }, "}", style,
                indent: indent)
        }
    }

    private static func ordered(
        _ members: [(key: String, value: JSONNode)], _ style: JSONText.Style
    ) -> [(String, JSONNode)] {
        switch style {
        case .record: members.map { (quoted($0.key) + ": ", $0.value) }
        case .line: members.map { (quoted($0.key) + ":", $0.value) }
        case .sorted: members.sorted { $0.key < $1.key }.map { (quoted($0.key) + ":", $0.value) }
        case .page: members.sorted { $0.key < $1.key }.map { (quoted($0.key) + " : ", $0.value) }
        }
    }

    private static func list(
        _ start: String, _ items: [String], _ end: String, _ style: JSONText.Style, indent: String
    ) -> String {
        switch style {
        case .record: start + items.joined(separator: ", ") + end
        case .line, .sorted: start + items.joined(separator: ",") + end
        case .page: start + indent + "  " + items.joined(separator: "," + indent + "  ") + indent + end
        }
    }

    private static func text(_ number: Double, _ style: JSONText.Style) -> String {
        guard number.isFinite else { return "null" }
        let text = "\(number)"
        switch style {
        case .record, .line: return text
        case .sorted, .page: return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20: quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// The members of an object as they are encoded. Generic methods stand for those of every type of number.
private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }

    private func add(_ key: Key) -> JSONNode {
        var name = ""
        for character in key.stringValue {
            name += character.isUppercase ? "_" + character.lowercased() : "\(character)"
        }
        return node.add(name)
    }

    func encodeNil(forKey key: Key) { _ = add(key) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        if value is any InlineEncodable { try value.encode(to: node) } else { try add(key).set(value) }
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws { try encode(value, orNull: key) }

    // One for each type that the protocol has its own method for, which otherwise leaves out what is nil.
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try encode(value, orNull: key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try encode(value, orNull: key) }

    private func encode(_ value: (some Encodable)?, orNull key: Key) throws {
        let member = add(key)
        if let value { try member.set(value) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        add(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { add(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { node }

    func superEncoder(forKey key: Key) -> any Encoder { add(key) }
}

/// The items of an array as they are encoded.
private struct JSONItems: UnkeyedEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.count }

    func encodeNil() { _ = node.append() }

    func encode<Value: Encodable>(_ value: Value) throws { try node.append().set(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        node.append().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { node.append().unkeyedContainer() }

    func superEncoder() -> any Encoder { node.append() }
}

/// A value that is no list as it is encoded.
private struct JSONSingle: SingleValueEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }

    func encodeNil() {}

    func encode<Value: Encodable>(_ value: Value) throws { try node.set(value) }
}
