using System.Diagnostics.CodeAnalysis;

namespace Conductor.Console.Clients;

/// <summary>Why a service gave no answer, in words for an operator. <see cref="Status"/> is null when it did not answer at all.</summary>
public sealed record Failure(string Service, int? Status, string Message)
{
    public bool IsNotFound => Status == StatusCodes.Status404NotFound;
    public bool IsUnreachable => Status is null;
}

/// <summary>An answer of a service, or why there is none. Pages show either; neither throws.</summary>
public sealed record Fetched<T>(T? Value, Failure? Failure)
{
    internal bool Has([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        (value, failure) = (Value, Failure);
        return failure is null;
    }
}
