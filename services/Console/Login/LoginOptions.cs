namespace Conductor.Console.Login;

/// <summary>Section <c>Console</c> of the configuration: <c>CONSOLE__LOGINTOKEN</c> is the secret in the login link.</summary>
internal sealed record LoginOptions
{
    public string LoginToken { get; init; } = "";
}
