/// What a command line asks for.
public enum CommandLineRequest: Sendable {
    /// Run the command that the arguments name.
    case run(ParsedArguments)
    /// Show this text (a help page or the version) on standard output and end successfully.
    case show(String)
}
