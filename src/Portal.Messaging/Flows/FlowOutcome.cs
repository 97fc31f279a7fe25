namespace Portal.Messaging.Flows;

/// <summary>What became of a message.</summary>
internal enum FlowOutcome { Delivered, Expired, Filtered, Untranslatable, Rejected }
