using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What an error of Azure Resource Manager means for a change: at which field, or why it cannot be made and what to do.</summary>
internal static partial class ArmFindings
{
    [GeneratedRegex(@"perform action '(?<action>[^']+)'(?:.*?(?:over|on) (?:the linked )?scope\(?s?\)? '(?<scope>[^']+)')?", RegexOptions.IgnoreCase)]
    private static partial Regex RefusedAction();

    [GeneratedRegex(@"not have permission to perform action\(?s?\)? '(?<action>[^']+)' on the linked scope\(?s?\)? '(?<scope>[^']+)'", RegexOptions.IgnoreCase)]
    private static partial Regex RefusedLink();

    [GeneratedRegex(@"(?<![\w.])properties([./]\w+|\[\d+\])+", RegexOptions.IgnoreCase)]
    private static partial Regex PathInWords();

    /// <summary>The outcome of a change that Azure refused.</summary>
    /// <param name="error">The error.</param>
    /// <param name="resource">What was to be stored; null for a deletion.</param>
    public static StoreResult ToResult(ArmError error, Resource? resource)
    {
        switch (error)
        {
            case { Code: ArmError.SignIn } or { Status: 401 }:
                var signIn = ArmConditions.Of(error);
                return new StoreResult.Denied(signIn.Message!, signIn.Fix!);
            case { Status: 403 }:
                return Refused(error);
            case { Code: ArmError.Canceled }:
                return new StoreResult.Unavailable("The change was cancelled in Azure before it was done.", "Apply again.");
            case { Code: ArmError.GoesOn }:
                return new StoreResult.Unavailable("Azure has taken the change and has not finished it yet.", "Look at its state in a while; nothing needs to be applied again.");
            case { Code: "ScopeLocked" }:
                return new StoreResult.Denied($"A lock in Azure keeps this from being changed: {error.Message}", "Remove the lock, or ask the one who set it.");
            case { Status: 409 }:
                return new StoreResult.Unavailable($"Azure cannot change this now: {error.Message}", "Wait until the other change is done, then apply again.");
            case { Status: 429 }:
                return new StoreResult.Unavailable(
                    "Azure takes no more requests from here for a while." + (error.RetryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $" It asks to wait {wait.TotalSeconds:0} s.") : ""),
                    "Apply again a little later.");
            case { Status: 404 } when error.Code == "ParentResourceNotFound" && resource is Model.Dataflows.Dataflow dataflow:
                return new StoreResult.Invalid([Finding.Error("azure-profile-missing", "spec.profileRef", $"The dataflow profile '{dataflow.Profile}' does not exist in Azure.", "Apply the profile first, or choose one that is there.")]);
            case { IsUncertain: true }:
                return new StoreResult.Unavailable(
                    $"Azure gave no answer that tells whether the change is done: {error.Message}", "Reload to see what is stored, then apply again where it is needed.");
            case { Status: 400 or 422 } when resource is not null:
                return new StoreResult.Invalid(Of(error, resource));
            default:
                var state = ArmConditions.Of(error);
                return new StoreResult.Unavailable(state.Message!, state.Fix!);
        }
    }

    /// <summary>Findings at the fields that the details name; the whole error when there are no details.</summary>
    public static IReadOnlyList<Finding> Of(ArmError error, Resource resource) =>
        [.. error.All.Where(one => one.Details.Count == 0).Select(one => Finding.Error(
            CodeOf(one.Code), PathOf(one, resource),
            one.Message.Length > 0 ? $"Azure refuses it: {one.Message}" : $"Azure refuses it with {one.Code}.",
            "Change the field and apply again."))];

    /// <summary>What is not allowed on what; the message itself when it does not say.</summary>
    public static (string? Action, string? Scope) RefusedBy(ArmError error)
    {
        var match = RefusedLink().Match(error.Message);
        if (!match.Success)
            match = RefusedAction().Match(error.Message);
        return match.Success ? (match.Groups["action"].Value, match.Groups["scope"] is { Success: true } scope ? scope.Value : null) : (null, null);
    }

    private static StoreResult Refused(ArmError error)
    {
        if (error.Code.StartsWith("RequestDisallowedByPolicy", StringComparison.Ordinal))
            return new StoreResult.Denied($"A policy in Azure refuses it: {error.Message}", "Change what the policy asks for, or ask the one who assigned it.");
        var (action, scope) = RefusedBy(error);
        return action is null
            ? new StoreResult.Denied($"Azure refuses it: {error.Message}", "Ask for a role with the right that is missing.")
            : new StoreResult.Denied($"You have no right to {action}{(scope is null ? "" : $" on {scope}")}.", "Ask for a role with this action on this scope; after it is assigned it takes some minutes.");
    }

    private static string CodeOf(string code)
    {
        var words = string.Concat(code.Select((c, at) => char.IsAsciiLetterUpper(c) ? (at > 0 && !char.IsAsciiLetterUpper(code[at - 1]) ? "-" : "") + char.ToLowerInvariant(c) : char.IsAsciiLetterOrDigit(c) ? c.ToString() : "-"));
        return "azure-" + words;
    }

    /// <summary>The member that is meant, as a path of the document; empty for the whole.</summary>
    internal static string PathOf(ArmError error, Resource resource) =>
        FromTarget(error.Target, resource) ?? (PathInWords().Match(error.Message) is { Success: true } words ? FromTarget(words.Value, resource) : null) ?? "";

    private static string? FromTarget(string? target, Resource resource)
    {
        if (string.IsNullOrWhiteSpace(target))
            return null;
        var parts = new List<string>();
        // JSON pointers, JSON paths and dotted names alike.
        foreach (var part in target.TrimStart('$', '#').Split(['.', '/'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.All(char.IsAsciiDigit) && parts.Count > 0)
                parts[^1] += $"[{part}]";
            else
                parts.Add(part);
        }
        if (parts is ["name"])
            return "metadata.name";
        var properties = parts.FindIndex(part => part.Equals("properties", StringComparison.OrdinalIgnoreCase));
        if (properties >= 0)
            return Canonical("spec." + string.Join('.', parts[(properties + 1)..]), resource).TrimEnd('.');
        var end = "." + string.Join('.', parts);
        var meant = Known(resource).Where(path => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count == 1 ? meant[0] : null;
    }

    private static string Canonical(string path, Resource resource) => Known(resource).FirstOrDefault(known => known.Equals(path, StringComparison.OrdinalIgnoreCase)) ?? path;

    private static IEnumerable<string> Known(Resource resource) =>
        resource is DataflowEndpoint { Settings: not null } endpoint ? EndpointFields.For(endpoint).Select(field => field.FullPath) : [];
}
