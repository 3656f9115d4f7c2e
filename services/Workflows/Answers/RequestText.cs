using Conductor.Domain.Workflows.Limits;

namespace Conductor.Workflows.Answers;

/// <summary>Checks texts and numbers of requests that are stored or indexed.</summary>
internal static class RequestText
{
    /// <exception cref="ConductorException">The text is too long, or holds what no text may hold.</exception>
    public static void Check(string field, string? text, int longest)
    {
        if (TextLimits.Problem(text, longest) is { } problem) throw Wrong(field, $"{field} {problem}");
    }

    /// <exception cref="ConductorException">The number is out of the range.</exception>
    public static void Check(string field, long number, long least, long most)
    {
        if (number < least || number > most) throw Wrong(field, $"{field}: {number} must be {least} to {most}");
    }

    private static ConductorException Wrong(string field, string message) => new(ConductorError.Invalid([new ValidationError(field, message)]));
}
