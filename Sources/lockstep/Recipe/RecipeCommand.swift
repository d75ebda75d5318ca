import Collectives
import CommandLineArguments
import Failures
import Training

/// `lockstep recipe [NAME]`: a recipe as a plan, or the list of recipes.
struct RecipeCommand: Command {
    static let definition = CommandDefinition(
        "recipe", summary: "print a recipe as a complete plan, or list the recipes", positionals: [name])

    private static let name = PositionalDefinition(
        "NAME", isOptional: true, help: "the recipe to print; without it all are listed")

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        if let name = arguments[optional: Self.name] {
            let plan: TrainingPlan
            do throws(RunFailure) {
                plan = try TrainingPlan.recipe(named: name)
            } catch {
                throw arguments.usageError(error.description)
            }
            if communicator.rank == 0 { try Console.write(document: plan.prettyJSON + "\n") }
        } else if communicator.rank == 0 {
            try Console.write(TrainingPlan.recipes.map { "\($0.name): \($0.summary)\n" }.joined())
        }
    }
}
