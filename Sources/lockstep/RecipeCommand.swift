import Collectives
import CommandLineArguments
import Training

/// `lockstep recipe [NAME]`: a recipe as a plan, or the list of recipes.
struct RecipeCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        var text: String
        if let name = arguments.positional("NAME") {
            do {
                text = try TrainingPlan.recipe(named: name).prettyJSON + "\n"
            } catch {
                throw arguments.usageError(error.description)
            }
        } else {
            text = TrainingPlan.recipes.map { "\($0.name): \($0.summary)\n" }.joined()
        }
        if communicator.rank == 0 { Console.write(text) }
    }
}
