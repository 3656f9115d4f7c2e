using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Conductor.Sagas.Pipeline;

/// <summary>The table <c>pipeline_states</c>.</summary>
public sealed class PipelineMap : IEntityTypeConfiguration<PipelineState>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<PipelineState> builder)
    {
        builder.ToTable("pipeline_states");
        builder.HasKey(x => x.CorrelationId);
        builder.Property(x => x.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(x => x.CurrentState).HasColumnName("state");
        builder.Property(x => x.Name).HasColumnName("name");
        builder.Property(x => x.Epoch).HasColumnName("epoch");
        builder.Property(x => x.StartedAt).HasColumnName("started_at");
        builder.Property(x => x.UpdatedAt).HasColumnName("updated_at");
        builder.Property(x => x.LastError).HasColumnName("last_error");
        builder.Property(x => x.Version).IsRowVersion();
    }
}
