namespace Portal.Components.Layout.Commands;

/// <summary>Something the command palette offers: a page to open or an action to run.</summary>
/// <param name="Group">Heading under which it stands.</param>
/// <param name="Title">What the user types and reads.</param>
/// <param name="Icon">One of <see cref="PortalIcons"/>.</param>
/// <param name="Href">Page to open; null when <paramref name="Run"/> does the work.</param>
/// <param name="Run">Action to run in the circuit.</param>
/// <param name="Hint">Small text at the right.</param>
public sealed record PortalCommand(string Group, string Title, string Icon, string? Href = null, Func<Task>? Run = null, string? Hint = null);

/// <summary>Fills the command palette. Register as many as there are kinds of things to find.</summary>
public interface ICommandSource
{
    /// <summary>What fits the query, best first, at most <paramref name="most"/>; an empty query asks for the usual ones.</summary>
    Task<IReadOnlyList<PortalCommand>> FindAsync(string query, int most, CancellationToken cancellationToken = default);
}
