/// A setting in a network file by its name.
struct SettingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses what `whole` does not know: a mistake of spelling is not something to pass over.
    ///
    /// - Throws: `ArchitectureError` with the settings there are; `DecodingError` where there is no object.
    func requireSettings(_ known: [String], of whole: String) throws {
        let settings = try container(keyedBy: SettingKey.self).allKeys.map(\.stringValue)
        guard let unknown = settings.sorted().first(where: { !known.contains($0) }) else { return }
        throw ArchitectureError(
            "\(whole) has no setting \(ArchitectureError.quoted(unknown)); it has \(known.joined(separator: ", ")).")
    }
}
