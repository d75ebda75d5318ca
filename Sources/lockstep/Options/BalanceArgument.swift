import Collectives
import CommandLineArguments
import Failures
import Training

/// `--balance`: how the granules of a global batch are spread over the ranks.
enum BalanceArgument {
    /// What all ranks were given, even unless they were; every rank calls it.
    ///
    /// - Throws: `RunFailure`, the same on every rank, for what cannot be read or is not the same everywhere.
    static func read(_ arguments: ParsedArguments, _ communicator: any Communicator) throws -> Balance {
        let agreement = RankAgreement(communicator)
        let words = arguments.list("balance") ?? ["even"]
        let remedy = "start every rank with the same options."
        try agreement.requireSame([("--balance", words.joined(separator: ","), remedy)])
        return try agreement.together { try Balance(words, ranks: communicator.size) }
    }
}
