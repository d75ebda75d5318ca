import Foundation
import TestSupport
import Testing

/// A person who looks for something goes by the README's map, and the map by the levels in Package.swift.
@Suite("The map of the modules is true")
struct MapTests {
    private static func text(_ path: String) -> String {
        try! String(contentsOfFile: "\(Launch.root)/\(path)", encoding: .utf8)
    }

    /// The level of every module by the comments in Package.swift; tests have none.
    private static let levels: [String: Int] = {
        var levels: [String: Int] = [:]
        var level: Int?
        let package = text("Package.swift")
        for match in package.matches(
            of: /\/\/ (?:Level (\d)|Tests\.)|\.(?:target|executableTarget|systemLibrary)\(\s*name: "([^"]+)"/)
        {
            if let module = match.2 { levels[String(module)] = level } else { level = match.1.flatMap { Int($0) } }
        }
        return levels
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
        #expect(Self.levels.count > 20)
        #expect(Self.map == Self.levels)
    }

    // Guards: modules import lower levels only, so that none has to be understood before those below it.
    @Test func noImportGoesUp() throws {
        var count = 0
        for (module, level) in Self.levels {
            let directory = "\(Launch.root)/Sources/\(module)"
            for file in try FileManager.default.subpathsOfDirectory(atPath: directory) where file.hasSuffix(".swift") {
                let imports = Self.text("Sources/\(module)/\(file)").matches(
                    of: /(?m)^\s*(?:[@_a-z()]+\s+)*import\s+(?:(?:struct|class|enum|protocol|func)\s+)?(\w+)/)
                for imported in imports.compactMap({ Self.levels[String($0.1)] }) {
                    #expect(imported < level, "\(module)/\(file) imports a module of level \(imported)")
                    count += 1
                }
            }
        }
        #expect(count > 100)
    }
}
