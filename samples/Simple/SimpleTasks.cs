using Conductor.Worker;

namespace Conductor.Simple;

public sealed record Person(string Name);

public sealed record Greeting(string Text);

public sealed record Numbers(IReadOnlyList<decimal> Values);

public sealed record Sum(decimal Total, int Count);

/// <summary>Two workers as simple as they come.</summary>
public sealed class SimpleTasks
{
    public const string Help = """
        A worker that takes tasks over Conductor's REST API.

          Conductor.Simple [--server URL]

        --server URL   the server, for example http://127.0.0.1:8080 (or the environment variable CONDUCTOR_SERVER_URL)

        Task types:
          sample_greet   {"name": "Ada"}         -> {"text": "Hello, Ada!"}
          sample_sum     {"values": [1, 2, 3.5]} -> {"total": 6.5, "count": 3}
        """;

    [WorkerTask("sample_greet", Concurrency = 4)]
    public Greeting Greet(Person person) => new($"Hello, {person.Name}!");

    [WorkerTask("sample_sum", Concurrency = 4)]
    public Sum Add(Numbers numbers) => new(numbers.Values.Sum(), numbers.Values.Count);
}
