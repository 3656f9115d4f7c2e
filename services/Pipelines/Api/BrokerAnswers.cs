using Conductor.Domain.Streams.Brokers;
using Conductor.Brokers;

namespace Conductor.Pipelines.Api;

/// <summary>Answers on behalf of a broker that the address names.</summary>
internal static class BrokerAnswers
{
    /// <summary>The answer; 404 where there is no such broker or topic, 503 with the reason while the broker cannot tell.</summary>
    public static async Task<IResult> OfAsync(StreamBrokers brokers, string name, Func<IStreamBroker, Task<IResult>> answer)
    {
        if (brokers.Find(name) is not { } broker) return NoBroker(brokers, name);
        try
        {
            return await answer(broker);
        }
        catch (UnknownTopicException e)
        {
            return Problems.Missing(e.Message);
        }
        catch (StreamUnavailableException e)
        {
            return Results.Problem(e.Message, statusCode: 503, title: $"{name} is not available");
        }
    }

    public static IResult NoBroker(StreamBrokers brokers, string name) =>
        Problems.Missing($"There is no broker '{name}'; there is {string.Join(", ", brokers.All.Select(broker => broker.Name))}");
}
