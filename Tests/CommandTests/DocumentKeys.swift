/// The keys of all objects in a JSON value, at any depth.
func documentKeys(_ value: Any) -> Set<String> {
    if let object = value as? [String: Any] {
        return object.values.reduce(into: Set(object.keys)) { $0.formUnion(documentKeys($1)) }
    }
    return (value as? [Any] ?? []).reduce(into: []) { $0.formUnion(documentKeys($1)) }
}
