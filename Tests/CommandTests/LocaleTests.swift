import Foundation
import TestSupport
import Testing

@Suite("What is shown in which locale", .serialized)
struct LocaleTests {
    /// Everything a command shows in a locale.
    private func shown(_ command: [String], locale: String) throws -> String {
        let launch = try Launch.run(["env", "LC_ALL=\(locale)", Launch.product("lockstep")] + command)
        return launch.output + launch.errors
    }

    private func isASCII(_ text: String) -> Bool { text.allSatisfy(\.isASCII) }

    // Guards: in a locale without UTF-8 no line and no table of any command holds a character that it cannot show; in one
    // with UTF-8 they do.
    @Test(arguments: ["C", "C.UTF-8"]) func oneDecisionForAll(locale: String) throws {
        let directory = try TestDirectory()
        let (run, other) = (directory.path + "/run", directory.path + "/other")
        for (output, steps) in [(run, "1"), (other, "2")] {
            let options = ["--max-steps", steps, "--quiet", "--output", output]
            #expect(try Launch.lockstep(tinyTraining + options).exitCode == 0)
        }
        for command in [
            ["summary"], ["inspect", run], ["compare", run, other], ["doctor"],
            ["benchmark", "kernels", "--stages", "8x1", "--images", "1", "--repeats", "1"],
            ["benchmark", "throughput", "--stages", "8x1", "--global-batch", "16", "--steps", "1"],
            tinyTraining + ["--max-steps", "2", "--output", directory.path + "/third"],
            ["summary", "--stages", "8x1,8x1,8x1,8x1,8x1,8x1,8x1"],
        ] {
            let text = try shown(command, locale: locale)
            #expect(!text.isEmpty && isASCII(text) == (locale == "C"), "\(command): \(text)")
        }
    }
}
