import Foundation
import Testing

/// How long tests wait: the only place that knows of time.
///
/// What a test expects never depends on it. It ends what hangs, and it is the measure of a delay that a test makes itself:
/// all of it grows with the time that a trivial run takes on this machine, in the state the machine is in.
public enum Patience {
    /// How many times longer a trivial run takes here than on the machines these tests were written on; at least 1.
    public static let factor: Double = {
        guard let directory = try? TestDirectory() else { return 1 }
        let start = Date()
        let trivial = Process()
        trivial.executableURL = URL(fileURLWithPath: Launch.product("lockstep"))
        trivial.arguments = tinyTraining + ["--max-steps", "1", "--quiet", "--output", directory.path + "/run"]
        guard (try? trivial.run()) != nil else { return 1 }
        trivial.waitUntilExit()
        return max(1, -start.timeIntervalSinceNow / usualSeconds)
    }()

    /// What the trivial run took where these tests were written, on a core of its own.
    private static let usualSeconds = 0.25

    /// The seconds after which whatever a test waits for is held to hang; hundreds of times of what it takes.
    public static var hang: Double { 600 * factor }

    /// Whole seconds, for options, that no machine of this speed loses by being busy alone.
    public static func seconds(_ usual: Double) -> Int { Int((usual * factor).rounded(.up)) }

    /// Waits until `isReached`, looking again and again.
    ///
    /// - Throws: `Hang` naming `event` when that does not come.
    public static func wait(for event: String, until isReached: () throws -> Bool) throws {
        let end = Date(timeIntervalSinceNow: hang)
        while try !isReached() {
            guard Date() < end else { throw Hang(event: event) }
            usleep(1_000)
        }
    }

    /// What a test waited for has not come.
    public struct Hang: Error, CustomStringConvertible {
        /// In words.
        public let event: String
        /// The sentence that a failed test shows.
        public var description: String { "waited \(Int(Patience.hang)) seconds for \(event)" }
    }
}

extension Trait where Self == TimeLimitTrait {
    /// Ends a test within this process that hangs.
    public static var endsHangs: Self { .timeLimit(.minutes(Int(Patience.hang / 60) + 1)) }
}
