using System.Globalization;
using Conductor.Domain.Workflows.Limits;
using Conductor.Domain.Workflows.Retention;
using Conductor.Files.Archives;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Retention;

/// <summary>/api/archive: executions that have left the database.</summary>
internal static class ArchiveEndpoints
{
    private const int MostPerPage = 1000;
    private const string DayFormat = "yyyy-MM-dd";

    public static void MapArchive(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/archive").WithTags("Archive");
        group.MapGet("", List).WithSummary("Days and definitions in the archive, in pages, the newest day first");
        group.MapGet("/{id:guid}", Get).WithSummary("An archived execution, with its history and logs");
        group.MapGet("/export", Export).WithSummary("Archived executions of a day and a definition, a line of JSON each");
    }

    private static IResult List(ArchiveFolder archive, int start = 0, int size = 100)
    {
        RequestText.Check("start", start, 0, int.MaxValue);
        RequestText.Check("size", size, 0, MostPerPage);
        var (total, page) = archive.List(start, size);
        return Results.Json(
            new
            {
                totalHits = total,
                results = page.Select(d => new { day = Text(d.Day), workflowName = d.Name, executions = d.Lines, d.Bytes }),
            }, Answer.Json);
    }

    private static IResult Get(Guid id, ArchiveFolder archive, string? day = null) =>
        archive.Find(id, day is null ? ArchivedId.Since(id) : Day(day)) is { } line
            ? Results.Bytes(line, "application/json")
            : ConductorError.NotFound($"No such workflow found in the archive by id: {id}");

    private static IResult Export(string day, string name, ArchiveFolder archive, CancellationToken cancellationToken)
    {
        RequestText.Check("name", name, TextLimits.Name);
        var of = Day(day);
        if (!archive.Holds(of, name)) return ConductorError.NotFound($"The archive holds nothing of {name} of {day}");
        return Results.Stream(
            async to =>
            {
                foreach (var line in archive.Lines(of, name)) await to.WriteAsync(line, cancellationToken);
            }, "application/x-ndjson");
    }

    private static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ConductorException(ConductorError.Invalid([new ValidationError("day", $"day must be like {Text(new DateOnly(2026, 1, 31))}", text)]));

    private static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
