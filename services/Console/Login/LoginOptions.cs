namespace Conductor.Console.Login;

/// <summary>Section <c>Console</c> of the configuration.</summary>
internal sealed record LoginOptions
{
    /// <summary><c>CONSOLE__LOGINTOKEN</c>: the secret in the login link.</summary>
    public string LoginToken { get; init; } = "";

    /// <summary>
    /// <c>CONSOLE__KEYS</c>: a folder that keeps the keys of cookies and forms, and which sessions were ended, so that a restart of the
    /// console logs nobody out and lets nobody in again. Without it both are kept in memory: a restart ends every session.
    /// </summary>
    public string? Keys { get; init; }
}
