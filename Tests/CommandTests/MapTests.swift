import Foundation
import TestSupport
import Testing

/// A person who looks for something goes by the README's map, and the map by the levels in Package.swift.
@Suite("The map of the modules is true")
struct MapTests {
    private struct Module {
        let name: String
        let level: Int
    }

    private static func text(_ path: String) -> String {
        try! String(contentsOfFile: "\(Launch.root)/\(path)", encoding: .utf8)
    }

    /// The modules as Package.swift has them, with the levels of its comments; tests have none.
    private static let modules: [Module] = {
        var modules: [Module] = []
        var level: Int?
        let entry =
            /\/\/ (?:Level (\d)|Tests\.)|\.(?:target|executableTarget|systemLibrary)\(\s*name: "([^"]+)"/
        for match in text("Package.swift").matches(of: entry) {
            if let name = match.2 {
                if let level { modules.append(Module(name: String(name), level: level)) }
            } else {
                level = match.1.flatMap { Int($0) }
            }
        }
        return modules
    }()

    /// The level of every module by the README: lines of names, of which the first of a level begins with its number.
    private static let map: [String: Int] = {
        var map: [String: Int] = [:]
        var level: Int?
        let block = text("README.md").components(separatedBy: "## The map")[1].components(separatedBy: "```")[1]
        for line in block.split(separator: "\n") {
            guard let match = line.firstMatch(of: /^(\d| )  ((?:[\w-]+, )*[\w-]+)(?:  |$)/) else { continue }
            level = Int(match.1) ?? level
            for name in match.2.split(separator: ", ") { map[String(name)] = level }
        }
        return map
    }()

    // Guards: the map leaves no module out, invents none, and puts each where Package.swift does.
    @Test func everyModuleIsOnTheMap() {
        #expect(Self.modules.count > 20)
        #expect(Self.map == Dictionary(uniqueKeysWithValues: Self.modules.map { ($0.name, $0.level) }))
        #expect(Self.modules.map(\.level) == Self.modules.map(\.level).sorted())
    }

    // Guards: modules have a strict order, so that none has to be understood before those that it builds on.
    @Test func noImportGoesUp() throws {
        let order = Dictionary(uniqueKeysWithValues: Self.modules.enumerated().map { ($1.name, $0) })
        var count = 0
        for (place, module) in Self.modules.enumerated() {
            let directory = "\(Launch.root)/Sources/\(module.name)"
            for file in try FileManager.default.subpathsOfDirectory(atPath: directory) where file.hasSuffix(".swift") {
                let imports = Self.text("Sources/\(module.name)/\(file)").matches(
                    of: /(?m)^\s*(?:[@_a-z()]+\s+)*import\s+(?:(?:struct|class|enum|protocol|func)\s+)?(\w+)/)
                for name in imports.map({ String($0.1) }) {
                    guard let imported = order[name] else { continue }
                    #expect(imported < place, "\(module.name)/\(file) imports \(name), which stands behind it")
                    count += 1
                }
            }
        }
        #expect(count > 100)
    }
}
