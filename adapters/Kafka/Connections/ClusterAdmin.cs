using Conductor.Domain.Streams.Brokers;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Connections;

/// <summary>The client for questions to the cluster, opened on first use. Thread-safe.</summary>
internal sealed class ClusterAdmin(KafkaStreamOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly BrokerWatch _watch = new();
    private readonly Lock _lock = new();
    private readonly ClientGate _gate = new(() => KafkaErrors.Unavailable("the client has been closed"));
    private IAdminClient? _client;

    /// <summary>Asks, and gives up when told to or when the cluster refuses the client; other errors of Kafka's are the caller's to look at first.</summary>
    /// <exception cref="StreamUnavailableException">The cluster does not answer, or refuses.</exception>
    public async Task<T> AskAsync<T>(Func<IAdminClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            // The client's own start and its lookups are not asynchronous.
            return await _watch.WaitAsync(Task.Run(() => Ask(ask), cancellationToken), cancellationToken);
        }
        catch (KafkaException e) when (!IsAnswer(e))
        {
            throw _watch.Explain(e);
        }
    }

    /// <summary>As for <see cref="AskAsync{T}"/>.</summary>
    public Task AskAsync(Func<IAdminClient, Task> ask, CancellationToken cancellationToken) => AskAsync(async client =>
    {
        await ask(client);
        return true;
    }, cancellationToken);

    /// <summary>Asks whether the cluster is there.</summary>
    /// <exception cref="StreamUnavailableException">It does not answer, or refuses; the message says why.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => AskAsync(client => Task.FromResult(client.GetMetadata(Short)), cancellationToken);

    /// <summary>
    /// As for <see cref="AskAsync{T}"/>, and asks again while the cluster is still looking for who is to answer: after a topic or a group was made, and
    /// after a broker's end.
    /// </summary>
    public async Task<T> AskPatientlyAsync<T>(Func<IAdminClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskAsync(ask, cancellationToken);
            }
            catch (KafkaException e) when (KafkaErrors.IsMoving(AdminErrors.FirstOf(e)) && time.GetElapsedTime(started) < options.Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        IAdminClient? client;
        lock (_lock) client = _client;
        _gate.Close(() => client?.Dispose());
    }

    // Waiting for the answer, unlike asking, needs nothing of the client's.
    private Task<T> Ask<T>(Func<IAdminClient, Task<T>> ask)
    {
        Task<T> answer;
        using (_gate.Enter()) answer = ask(Client);
        return answer;
    }

    private IAdminClient Client
    {
        get
        {
            lock (_lock)
            {
                return _client ??= new AdminClientBuilder(ClientSettings.Admin(options)).SetErrorHandler((_, e) => _watch.Note(e))
                    .SetLogHandler((_, m) => ClientLog.Write(logger, m)).Build();
            }
        }
    }

    // The results of a call that was answered say for each of its parts what came of it.
    private static bool IsAnswer(KafkaException e) => e.GetType() != typeof(KafkaException) || KafkaErrors.IsMissing(e.Error)
        || e.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.NonEmptyGroup or ErrorCode.GroupIdNotFound;
}
