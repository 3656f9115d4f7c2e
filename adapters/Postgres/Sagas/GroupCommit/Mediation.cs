using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Messages that came through MassTransit's in-process mediator instead of a broker.</summary>
internal static class Mediation
{
    // The mediator hands objects over as they are, under a content type of its own.
    private const string MediatedContent = "application/vnd.masstransit+obj";

    public static bool IsMediated(ConsumeContext context) => context.ReceiveContext.ContentType?.MediaType == MediatedContent;
}
