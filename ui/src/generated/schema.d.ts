// Generated from docs/openapi.json by `npm run generate`; do not edit.
export interface paths {
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return acts, newest first: every write but submissions, which carry their actor in the run
         * @description Return acts, newest first: every write but submissions, which carry their actor in the run.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the calendars by name, each with the jobs whose schedules name it
         * @description Return the calendars by name, each with the jobs whose schedules name it.
         */
        get: operations["list_calendars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calendars/{calendar_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a calendar
         * @description Return a calendar.
         */
        get: operations["get_calendar"];
        /**
         * Store a calendar, new or in place of an older one
         * @description Store a calendar, new or in place of an older one; its jobs' next fires follow at once.
         */
        put: operations["put_calendar"];
        post?: never;
        /**
         * Delete a calendar that no job names
         * @description Delete a calendar that no job names; 409 names the jobs that do.
         */
        delete: operations["delete_calendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the channels with the JSON Schema of their accounts, and the accounts that are there
         * @description Return the channels with the JSON Schema of their accounts, and the accounts that are there.
         */
        get: operations["list_connectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/sandbox/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what the sandbox has received, newest first
         * @description Return what the sandbox has received, newest first; the 1,000 newest are kept.
         */
        get: operations["list_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return an account without its secrets
         * @description Return an account without its secrets.
         */
        get: operations["get_account"];
        /**
         * Create or replace an account
         * @description Create or replace an account; read-only fields of a GET may stay in the body and are ignored.
         */
        put: operations["save_account"];
        post?: never;
        /**
         * Forget an account and its secrets
         * @description Forget an account and its secrets; messages that still waited for it have failed.
         */
        delete: operations["delete_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the availability of an account, by its `monitor.channel` jobs
         * @description Return the availability of an account, by its `monitor.channel` jobs; empty if there is none.
         *
         *     The account need not be set up: a monitor of a missing account reports that. If several jobs watch it, a
         *     quarter hour comes from the one that saw most of it; the time since the last check is not counted yet.
         */
        get: operations["get_availability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/chat-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the persons who may act in groups
         * @description Return the persons who may act in groups; other members of an allowed group only read.
         */
        get: operations["list_chat_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/chat-users/{chat_user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let a person act in groups, or change the name that is shown
         * @description Let a person act in groups, or change the name that is shown; their next command counts.
         */
        put: operations["put_chat_user"];
        post?: never;
        /**
         * Let a person act in groups no longer
         * @description Let a person act in groups no longer; their next command is refused.
         */
        delete: operations["delete_chat_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return the chats that wrote to an account recently, newest first
         * @description Return the chats that wrote to an account recently, newest first; 409 if they cannot be listed.
         *
         *     If another program fetches a bot's updates, they are read without removing any.
         */
        post: operations["list_chats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a text through an account
         * @description Send a text through an account; `GET /messages/{message_id}` says what became of it.
         */
        post: operations["send_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connectors/{channel}/accounts/{account_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the account by a real call of the connector
         * @description Check the account by a real call of the connector; 503 if no connector could check it.
         */
        post: operations["test_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return all contacts by name
         * @description Return all contacts by name; there are 1,000 at most.
         */
        get: operations["list_contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contacts/{contact_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a contact by its name, without regard to case and further blanks
         * @description Return a contact by its name, without regard to case and further blanks.
         */
        get: operations["get_contact"];
        /**
         * Create or replace a contact
         * @description Create or replace a contact; plans that are made from now on use it.
         */
        put: operations["put_contact"];
        post?: never;
        /**
         * Remove a contact
         * @description Remove a contact; jobs that were planned with it keep their recipient.
         */
        delete: operations["delete_contact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return dead letters by error, that of the newest first
         * @description Return dead letters by error, that of the newest first; `X-Total-Count` counts letters.
         */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take dead letters off the list
         * @description Take dead letters off the list; their runs stay in history until retention removes them.
         */
        post: operations["discard_dead_letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run dead letters again, oldest first, each once
         * @description Run dead letters again, oldest first, each once; with a rate they fall due one after the other.
         *
         *     With an `Idempotency-Key` a repeat leaves alone what has failed again since the first call.
         */
        post: operations["redrive_dead_letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/{fingerprint}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the runs of one group, newest first
         * @description Return the runs of one group, newest first; none if no letter has the error any more.
         */
        get: operations["list_dead_letter_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the newest events, those just ahead of `before`, or the first ones behind `after`
         * @description Return the newest events, those just ahead of `before`, or the first ones behind `after`; oldest first.
         *
         *     `Link` leads to older ones, or with `after` alone to newer ones. With `topics` a call looks at 5,000
         *     events at most, so a page may be short or empty; its `Link` goes on. At least the newest 100,000 are kept.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events as they happen (Server-Sent Events)
         * @description Follow events as they happen (Server-Sent Events).
         */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return exports, newest first
         * @description Return exports, newest first; a job of type `backup.export` makes them and keeps the newest.
         */
        get: operations["list_exports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return an export's file, as `multi-job restore` takes it
         * @description Return an export's file, as `multi-job restore` takes it; a full backup is an age file.
         */
        get: operations["get_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fires": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the next fires of enabled jobs, and the minutes in which several fire
         * @description Return the next fires of enabled jobs, and the minutes in which several fire.
         */
        get: operations["list_fires"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report whether this process could do its work within the last minute
         * @description Report whether this process could do its work within the last minute; no I/O.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return incidents, newest first
         * @description Return incidents, newest first; closed ones are kept for 90 days.
         */
        get: operations["list_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how many incidents are open, and when one closed last
         * @description Return how many incidents are open, and when one closed last.
         */
        get: operations["summarize_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{incident_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return one incident
         * @description Return one incident.
         */
        get: operations["get_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{incident_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you deal with it: nothing more is escalated
         * @description Say that you deal with it: nothing more is escalated.
         */
        post: operations["acknowledge_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{incident_id}/comment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add your words to the timeline
         * @description Add your words to the timeline.
         */
        post: operations["comment_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{incident_id}/remedied": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note in the timeline that you have used a remedy
         * @description Note in the timeline that you have used a remedy; this performs none.
         */
        post: operations["note_remedy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidents/{incident_id}/silence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send nothing more about it for some minutes
         * @description Send nothing more about it for some minutes.
         */
        post: operations["silence_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the job types with the JSON Schema of their inputs, their tools and defaults
         * @description Return the job types with the JSON Schema of their inputs, their tools and defaults.
         */
        get: operations["list_job_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return jobs, newest first
         * @description Return jobs, newest first; `q` is a part of an id or a description.
         */
        get: operations["list_jobs"];
        put?: never;
        /**
         * Store a new job
         * @description Store a new job; sent again with the same `Idempotency-Key` and spec, the answer is the same.
         */
        post: operations["create_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return what saving a spec would change, or refuse it as the save would
         * @description Return what saving a spec would change, or refuse it as the save would; nothing is changed.
         */
        post: operations["check_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a job
         * @description Return a job; its `ETag` is what `If-Match` of a PUT takes.
         */
        get: operations["get_job"];
        /**
         * Store a new version
         * @description Store a new version; read-only fields of a GET may stay in the body and are ignored.
         */
        put: operations["replace_job"];
        post?: never;
        /**
         * Forget a job: what waits is cancelled, what runs ends, its history stays
         * @description Forget a job: what waits is cancelled, what runs ends, its history stays.
         */
        delete: operations["delete_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Stop a job from firing
         * @description Stop a job from firing; runs that exist go on, and it can still be run by hand.
         */
        put: operations["disable_job"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let a job fire again, from now on
         * @description Let a job fire again, from now on.
         */
        put: operations["enable_job"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what became of the slots of a schedule and which come next, in order of time
         * @description Return what became of the slots of a schedule and which come next, in order of time.
         */
        get: operations["list_occurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/rollback/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store the spec of an earlier version as a new one
         * @description Store the spec of an earlier version as a new one; whether the job fires stays as it is now.
         *
         *     A one-off whose time is past is kept and fires no more.
         */
        post: operations["roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job now or after `delay_sec`
         * @description Run a job now or after `delay_sec`; `inputs` replace those of the spec.
         */
        post: operations["run_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the runs of a job, newest first
         * @description Return the runs of a job, newest first; they stay when the job is deleted.
         */
        get: operations["list_job_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return every save of a job, newest first
         * @description Return every save of a job, newest first; with `from` or `to`, what differs between the two.
         */
        get: operations["list_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what the next fire is, and why the last expected ones did or did not run
         * @description Say what the next fire is, and why the last expected ones did or did not run.
         */
        get: operations["explain_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return all keys and users, oldest first, behind the keys of API_KEYS
         * @description Return all keys and users, oldest first, behind the keys of API_KEYS; never a key's text.
         */
        get: operations["list_keys"];
        put?: never;
        /**
         * Make a key and show it, once
         * @description Make a key and show it, once; the first one must be an admin's, and no key in use has its name.
         *
         *     Sent again it is not made again, and its text is gone: revoke it then.
         */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key or remove a user: refused at once by every API process
         * @description Revoke a key or remove a user: refused at once by every API process.
         *
         *     Not the last admin key: users do not count as one.
         *
         *     Its sessions and event streams end with it.
         */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a user of sign-in links another role, also in open sessions
         * @description Give a user of sign-in links another role, also in open sessions. A key keeps its role.
         *
         *     The role of a provider's user follows from the groups there.
         */
        put: operations["set_user_role"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a successor of the same name, role and limits, shown once
         * @description Make a successor of the same name, role and limits, shown once; the old key ends after the overlap.
         */
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the maintenance windows, oldest first
         * @description Return the maintenance windows, oldest first; those that ended a day ago are left out.
         */
        get: operations["list_maintenance"];
        put?: never;
        /**
         * Create a window: incidents that open in it, and whose jobs it covers, send nothing until its end
         * @description Create a window: incidents that open in it, and whose jobs it covers, send nothing until its end.
         */
        post: operations["create_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/maintenance/{maintenance_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a window
         * @description Remove a window; incidents that it holds back are alarmed within a minute, if they are still open.
         */
        delete: operations["delete_maintenance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return who the caller is and what its role allows
         * @description Return who the caller is and what its role allows; nothing is asked of Redis for it.
         */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return messages, newest first
         * @description Return messages, newest first; `unknown` ones wait for a person to resend or close them.
         */
        get: operations["list_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a message and what has become of it
         * @description Return a message and what has become of it.
         */
        get: operations["get_message"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{message_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`
         * @description Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`.
         */
        post: operations["close_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{message_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a failed or unknown message again
         * @description Send a failed or unknown message again.
         */
        post: operations["resend_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the figures of the whole deployment as Prometheus text
         * @description Return the figures of the whole deployment as Prometheus text.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/monitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return all monitors by creation, 1,000 at most, or so many, the worst first
         * @description Return all monitors by creation, 1,000 at most, or so many, the worst first.
         */
        get: operations["list_monitors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/monitors/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a monitor with its past states and its quarter hours
         * @description Return a monitor with its past states and its quarter hours.
         */
        get: operations["get_monitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/monitors/{job_id}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the ping URL of a `monitor.heartbeat` job
         * @description Replace the ping URL of a `monitor.heartbeat` job; the earlier one is not found from now on.
         */
        post: operations["replace_ping_url"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notification-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the rules that decide who gets the alarms of incidents
         * @description Return the rules that decide who gets the alarms of incidents.
         */
        get: operations["get_notification_rules"];
        /**
         * Replace all rules
         * @description Replace all rules; an empty list lets each incident go to its job's recipient, then to the default.
         */
        put: operations["put_notification_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop firing and starting
         * @description Stop firing and starting; what runs goes on. A scope that is paused already keeps its first pause.
         *
         *     With `until` the pause ends then, without it it lasts until it is resumed; the last call says which.
         */
        post: operations["pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ping/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report that a program has ended well
         * @description Report that a program has ended well. Needs no key; `HEAD` does the same.
         */
        get: operations["ping"];
        put?: never;
        /**
         * Report that a program has ended well
         * @description Report that a program has ended well; the first 10,000 bytes of the body are kept as its output.
         */
        post: operations["ping_with_output"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ping/{token}/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report a start (`start`), a failure (`fail`), or an exit code (`0` to `255`)
         * @description Report a start (`start`), a failure (`fail`), or an exit code (`0` to `255`). `HEAD` does the same.
         */
        get: operations["ping_event"];
        put?: never;
        /**
         * Report a start, a failure or an exit code
         * @description Report a start, a failure or an exit code; the first 10,000 bytes of the body are kept as output.
         */
        post: operations["ping_event_with_output"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pings/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the ping URL of a `monitor.heartbeat` job, and its last ping
         * @description Return the ping URL of a `monitor.heartbeat` job, and its last ping. The first call makes the URL.
         */
        get: operations["get_ping_url"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/planner/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the jobs of a prompt or of a previewed plan, run them at once if asked, and wait for them
         * @description Create the jobs of a prompt or of a previewed plan, run them at once if asked, and wait for them.
         */
        post: operations["execute_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/planner/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan a prompt by the rules
         * @description Plan a prompt by the rules; nothing is changed, and `plan_id` executes exactly this for an hour.
         *
         *     With a `plan_id` it goes on from that plan: an answer to its question, a change in words, or edits.
         */
        post: operations["plan_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/planner/plan-ai": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan a prompt with a language model
         * @description Plan a prompt with a language model; if that fails, the rules plan, and a warning says why.
         */
        post: operations["plan_prompt_ai"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/planner/plans/{plan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a stored plan as it was previewed
         * @description Return a stored plan as it was previewed; it is stored for an hour.
         */
        get: operations["get_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what the deployment is, its processes, and how its Redis does, measured by one call
         * @description Return what the deployment is, its processes, and how its Redis does, measured by one call.
         */
        get: operations["get_platform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what each job type may do with its tools, and which rule says so
         * @description Return what each job type may do with its tools, and which rule says so.
         */
        get: operations["list_policies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what waits and runs in all queues, lane by lane
         * @description Return what waits and runs in all queues, lane by lane.
         */
        get: operations["get_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return each queue with its depth, its pause and its live workers
         * @description Return each queue with its depth, its pause and its live workers; `default` first.
         */
        get: operations["list_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report whether work gets done: Redis accepts new work, runs start, slots fire, messages are sent
         * @description Report whether work gets done: Redis accepts new work, runs start, slots fire, messages are sent.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return reports, newest first
         * @description Return reports, newest first; one is listed for as long as its job keeps its files.
         */
        get: operations["list_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reports/{report_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a report as `Accept` asks: application/json, text/markdown or text/html
         * @description Return a report as `Accept` asks: application/json, text/markdown or text/html.
         */
        get: operations["get_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire and start again
         * @description Fire and start again; what was held goes on in its order, unless another pause holds it too.
         */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return runs, newest first
         * @description Return runs, newest first; `q`: part of an id, error, input or output, or a trace id or a fingerprint.
         *
         *     Texts are compared without case, by their characters. A search examines 20,000 records or works for 0.2 s
         *     a call, so a page may be short or empty while its `Link` goes on; `X-Searched-Count` and `X-Search-Total`
         *     say how far it has come. A run whose id is `q` comes first.
         */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make up to 1,000 runs, each standing alone
         * @description Make up to 1,000 runs, each standing alone; a repeat with the same key completes what is missing.
         */
        post: operations["run_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, or run again, all runs that match a filter, step by step
         * @description Cancel, or run again, all runs that match a filter, step by step; a dry run counts them.
         *
         *     A step examines at most 20,000 records and acts on `limit` runs; `next_cursor` is the cursor of the next
         *     step. A step may be sent again: no run is repeated twice. If the queue is full, `stopped` has the reason
         *     and `next_cursor` continues from that run. The audit has an entry for the first step and one for the end,
         *     with all counts.
         */
        post: operations["bulk_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how many runs there are in each state, and how many failed ones wait for a decision
         * @description Return how many runs there are in each state, and how many failed ones wait for a decision.
         *
         *     Of the whole deployment: no index counts the runs of one job by state. A job's own figures are in its
         *     `stats`. Only kept runs are counted: `kept` has the limits of retention, `removed_until` how far it has
         *     removed runs. Statistics and metrics count removed runs too.
         */
        get: operations["count_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a run with every attempt
         * @description Return a run with every attempt.
         */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a run: at once while it waits (200)
         * @description Cancel a run: at once while it waits (200); a running one is notified and ends soon (202).
         */
        post: operations["cancel_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{run_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the lines that a run has logged so far, oldest first
         * @description Return the lines that a run has logged so far, oldest first; ask again with the cursor to follow it.
         */
        get: operations["get_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{run_id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job again with the inputs of one of its runs
         * @description Run a job again with the inputs of one of its runs; `inputs` replace all of them.
         */
        post: operations["rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return a schedule in words, its next fires, and what changes of the clocks do to them
         * @description Return a schedule in words, its next fires, and what changes of the clocks do to them.
         */
        post: operations["preview_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the names of all secrets, who set them and when
         * @description Return the names of all secrets, who set them and when.
         */
        get: operations["list_secrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets/{secret_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return whether a secret is there, never its value
         * @description Return whether a secret is there, never its value.
         */
        get: operations["get_secret"];
        /**
         * Set a secret or its hosts
         * @description Set a secret or its hosts; calls that are made from now on use them.
         */
        put: operations["put_secret"];
        post?: never;
        /**
         * Forget a secret
         * @description Forget a secret; a run that names it fails, and is not tried again.
         */
        delete: operations["delete_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the sessions of the caller's key, an admin's of all keys
         * @description Return the sessions of the caller's key, an admin's of all keys; the last used first.
         */
        get: operations["list_sessions"];
        put?: never;
        /**
         * Sign in: make a session for the API key that was sent
         * @description Sign in: make a session for the API key that was sent; its token is sent like a key from then on.
         */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with the code of a link, instead of a key
         * @description Sign in with the code of a link, instead of a key; the code is used up.
         */
        post: operations["create_session_by_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a sign-in at the provider: make the user at the first one, and a session
         * @description End a sign-in at the provider: make the user at the first one, and a session; for the dashboard alone.
         *
         *     The role follows from the groups that the provider names, at each sign-in.
         */
        post: operations["sign_in_by_oidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a sign-in at the provider, for the dashboard alone
         * @description Begin a sign-in at the provider, for the dashboard alone. Nothing is stored.
         */
        post: operations["start_oidc_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out a session, `current` for the one of this request
         * @description Sign out a session, `current` for the one of this request; an admin any, others those of their key.
         *
         *     It is refused at once by every API process; its event streams end too.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings/default-notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the default recipient of messages
         * @description Return the default recipient of messages.
         */
        get: operations["get_default_notify"];
        /**
         * Set the default recipient of messages
         * @description Set the default recipient of messages; 409 if DEFAULT_NOTIFY is set, which would win.
         *
         *     Runs use it within five seconds.
         */
        put: operations["put_default_notify"];
        post?: never;
        /**
         * Remove the stored recipient, and return the one in force: DEFAULT_NOTIFY stays, if it is set
         * @description Remove the stored recipient, and return the one in force: DEFAULT_NOTIFY stays, if it is set.
         */
        delete: operations["clear_default_notify"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how people can sign in besides with a key
         * @description Return how people can sign in besides with a key. Needs no key.
         */
        get: operations["get_sign_in_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what started and ended in each interval of a range, and how long it waited and took
         * @description Return what started and ended in each interval of a range, and how long it waited and took.
         *
         *     `minutes` has intervals of a minute (60 of them if neither is given); `range` has 60 minutes (`1h`), 96
         *     quarter hours (`24h`) or 168 hours (`7d`). A week begins at its first hour with a run, or a day ago.
         */
        get: operations["get_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status-pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the status pages by their names
         * @description Return the status pages by their names.
         */
        get: operations["list_status_pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status-pages/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a status page
         * @description Return a status page.
         */
        get: operations["get_status_page"];
        /**
         * Store a status page, new or in place of an older one
         * @description Store a status page, new or in place of an older one. If it is published, everybody can read it.
         */
        put: operations["put_status_page"];
        post?: never;
        /**
         * Delete a status page
         * @description Delete a status page.
         */
        delete: operations["delete_status_page"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a published status page: as data, or as a page if `Accept` prefers HTML
         * @description Return a published status page: as data, or as a page if `Accept` prefers HTML.
         *
         *     It has no ids of jobs, targets, accounts or errors. While Redis is away it is the last known state.
         */
        get: operations["get_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{slug}/badge.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the state of a published status page in words, and its uptime, as a small picture
         * @description Return the state of a published status page in words, and its uptime, as a small picture.
         */
        get: operations["get_status_badge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{channel}/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answer Meta's question whether this address is the account's own, by its verify token
         * @description Answer Meta's question whether this address is the account's own, by its verify token.
         */
        get: operations["verify_webhook"];
        put?: never;
        /**
         * Take what a channel has for an account: texts, pressed buttons, reports on messages that were sent
         * @description Take what a channel has for an account: texts, pressed buttons, reports on messages that were sent.
         */
        post: operations["take_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the workers with a recent heartbeat and what they run
         * @description Return the workers with a recent heartbeat and what they run.
         */
        get: operations["list_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountBody
         * @description An account as it is stored; of its secrets only whether each is there; `masked` is the same for all.
         */
        AccountBody: {
            /** Account Id */
            account_id: string;
            /** Allow Chats */
            allow_chats: string[];
            /** Channel */
            channel: string;
            /**
             * Chat Users
             * @description The persons who may act in groups; other members of an allowed group only read. Null if groups of the channel give no commands.
             */
            chat_users: components["schemas"]["ChatUserBody"][] | null;
            /** Commands */
            commands: boolean;
            /** Created At */
            created_at: string | null;
            /** Default To */
            default_to: string | null;
            /** Enabled */
            enabled: boolean;
            /** Has Secret */
            has_secret: {
                [key: string]: boolean;
            };
            health: components["schemas"]["CheckBody"] | null;
            /** Masked */
            masked: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /**
             * Rate Limited Until
             * @description Until when the channel has asked that nothing is sent; null if it has not.
             */
            rate_limited_until: string | null;
            /** Revision */
            revision: number;
            /** Saved By */
            saved_by: string;
            /** Settings */
            settings: {
                [key: string]: unknown;
            };
            /** Updated At */
            updated_at: string | null;
        };
        /**
         * AccountDeleted
         * @description The account is gone.
         */
        AccountDeleted: {
            /** Account Id */
            account_id: string;
            /** Channel */
            channel: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * AccountRequest
         * @description An account of a channel. A secret that is left out keeps its stored value, an empty one removes it.
         */
        AccountRequest: {
            /** Allow Chats */
            allow_chats?: string[];
            /**
             * Chat Users
             * @description The persons who may act in groups. Left out, the stored ones stay.
             * @default null
             */
            chat_users?: components["schemas"]["NamedChatUser"][] | null;
            /**
             * Commands
             * @default false
             */
            commands?: boolean;
            /**
             * Default To
             * @default null
             */
            default_to?: string | null;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /** Secrets */
            secrets?: {
                [key: string]: string;
            };
            /** Settings */
            settings?: {
                [key: string]: unknown;
            };
        };
        /**
         * AlarmRecipient
         * @description A recipient of alarms; what is left out comes from the account, as for other messages.
         */
        AlarmRecipient: {
            /** Account Id */
            account_id?: string | null;
            /**
             * Channel
             * @enum {string}
             */
            channel: "telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox";
            /**
             * Language
             * @description else that of the contact, of the default recipient, or of all
             */
            language?: ("en" | "id") | null;
            /**
             * To
             * @example 123456789
             */
            to?: string | null;
        };
        /**
         * AlarmRecipientInput
         * @description A recipient of alarms; what is left out comes from the account, as for other messages.
         */
        AlarmRecipientInput: {
            /**
             * Account Id
             * @default null
             */
            account_id?: string | null;
            /**
             * Channel
             * @enum {string}
             */
            channel: "telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox";
            /**
             * Language
             * @description else that of the contact, of the default recipient, or of all
             * @default null
             */
            language?: ("en" | "id") | null;
            /**
             * To
             * @default null
             * @example 123456789
             */
            to?: string | null;
        };
        /**
         * ArtifactPlace
         * @description The place of a record's content. The files of every record are also below its host's FILES_ROOT.
         * @enum {string}
         */
        ArtifactPlace: "redis" | "s3" | "folder" | "host";
        /**
         * AttemptBody
         * @description One start of a run.
         */
        AttemptBody: {
            /** Attempt */
            attempt: number;
            /**
             * Calls
             * @description The first 200.
             */
            calls: components["schemas"]["ToolCallBody"][];
            /** Ended At */
            ended_at: string | null;
            /** Error */
            error: components["schemas"]["RunErrorBody"] | null;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "running" | "success" | "failed" | "cancelled" | "retrying" | "released" | "crashed";
            /** Started At */
            started_at: string | null;
            /** Worker */
            worker: string;
        };
        /**
         * AuditBody
         * @description An act: who did or tried what.
         */
        AuditBody: {
            /**
             * Action
             * @description The operation, as this document calls it.
             */
            action: string;
            /** Actor */
            actor: string;
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Diff */
            diff: components["schemas"]["ChangeBody"][];
            /** Id */
            id: string;
            /**
             * Key Id
             * @description The id of the actor's API key; empty without one.
             */
            key_id: string;
            /**
             * Origin
             * @description The address that it came from; `cli` for the command line.
             */
            origin: string;
            outcome: components["schemas"]["AuditOutcome"];
            /**
             * Role
             * @description Empty if the caller was not known, and for the command line.
             */
            role: string;
            /**
             * Session Id
             * @description The session that acted for the key; empty for the key itself.
             */
            session_id: string;
            /**
             * Skipped
             * @description How many refusals before this one were too many to be written.
             */
            skipped: number;
            /**
             * Status
             * @description The status of the answer; null for the command line.
             */
            status: number | null;
            /**
             * Target
             * @example job:report-daily
             */
            target: string;
            /** Trace Id */
            trace_id: string;
        };
        /**
         * AuditOutcome
         * @description The outcome of an action.
         * @enum {string}
         */
        AuditOutcome: "ok" | "refused" | "failed";
        /**
         * AvailabilityBody
         * @description The availability of an account, by the jobs that watch it; all lists are empty if none does.
         */
        AvailabilityBody: {
            /** Account Id */
            account_id: string;
            /** Channel */
            channel: string;
            /**
             * Job Ids
             * @description The `monitor.channel` jobs that it comes from.
             */
            job_ids: string[];
            /**
             * Outages
             * @description Those of the period, newest first, 50 at most.
             */
            outages: components["schemas"]["OutageBody"][];
            /**
             * Quarters
             * @description All quarter hours of the period, oldest first; the last one is still running.
             */
            quarters: components["schemas"]["QuarterBody"][];
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /**
             * Until
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            until: string;
        };
        /**
         * BatchError
         * @description Why an item made no run; codes are those of problems.
         */
        BatchError: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
        };
        /**
         * BatchItem
         * @description One run of a batch.
         */
        BatchItem: {
            /**
             * Delay Sec
             * @default 0
             */
            delay_sec?: number;
            /**
             * Inputs
             * @default null
             */
            inputs?: {
                [key: string]: unknown;
            } | null;
            /** Job Id */
            job_id: string;
        };
        /**
         * BatchItemBody
         * @description The result of an item: a run, or an error.
         */
        BatchItemBody: {
            error: components["schemas"]["BatchError"] | null;
            /** Index */
            index: number;
            /** Run Id */
            run_id: string | null;
            status: components["schemas"]["RunStatus"] | null;
        };
        /**
         * BatchRequest
         * @description Up to 1,000 runs; each succeeds or fails alone.
         */
        BatchRequest: components["schemas"]["BatchItem"][];
        /**
         * BulkRefused
         * @description Runs about which nothing could be done, for one reason.
         */
        BulkRefused: {
            /**
             * Code
             * @description `job_not_found` (the job was deleted), `invalid_spec` (the job takes other inputs now), `state_conflict` (it has ended meanwhile), `run_not_found`, `damaged_record`, `admin_required` (an export with secrets).
             */
            code: string;
            /** Count */
            count: number;
            /**
             * Sample Run Ids
             * @description The first five.
             */
            sample_run_ids: string[];
        };
        /**
         * BulkRequest
         * @description One step of a bulk action. All steps have the same `action`, `filter` and `bulk_id`.
         */
        BulkRequest: {
            /**
             * Action
             * @description `cancel` is for runs that have not ended, `rerun` for ended ones.
             * @enum {string}
             */
            action: "cancel" | "rerun";
            /**
             * Bulk Id
             * @description Names the bulk action. It is about the runs that existed at its first step, dry or not, and each is run again once however often a step is sent. Made here if none is given.
             * @default null
             */
            bulk_id?: string | null;
            /**
             * Cursor
             * @description `next_cursor` of the step before.
             * @default null
             */
            cursor?: number | null;
            /**
             * Dry Run
             * @description Count the runs that match, and change nothing.
             * @default false
             */
            dry_run?: boolean;
            filter: components["schemas"]["RunFilterBody"];
            /**
             * Limit
             * @description Runs that a step decides about.
             * @default 200
             */
            limit?: number;
        };
        /**
         * BulkStep
         * @description The result of a step, and the cursor of the next one.
         */
        BulkStep: {
            /** Bulk Id */
            bulk_id: string;
            /**
             * Done
             * @description Runs that were cancelled, asked to end, or run again.
             */
            done: number;
            /** Matched */
            matched: number;
            /**
             * Next Cursor
             * @description Null at the end.
             */
            next_cursor: number | null;
            /** Refused */
            refused: components["schemas"]["BulkRefused"][];
            /**
             * Searched
             * @description Records that this step has looked at.
             */
            searched: number;
            /**
             * Started At
             * Format: date-time
             * @description Runs created later are left alone.
             * @example 2026-01-31T07:00:00.000Z
             */
            started_at: string;
            stopped: components["schemas"]["BulkStopped"] | null;
            /**
             * Total
             * @description Records from this step's cursor on, those it has looked at included.
             */
            total: number;
            /**
             * Trace Id
             * @description The trace of all runs that this bulk action makes.
             */
            trace_id: string;
        };
        /**
         * BulkStopped
         * @description Why a step ended early; send the next one later.
         */
        BulkStopped: {
            /**
             * Code
             * @description `queue_full`, or that of an outage.
             */
            code: string;
            /** Detail */
            detail: string;
        };
        /**
         * Calendar
         * @description Days and times that several jobs leave out, under one name: opening hours, leave.
         */
        Calendar: {
            /**
             * Cuti Bersama
             * @description With Indonesia's joint leave days too.
             * @default false
             */
            cuti_bersama?: boolean;
            /**
             * Dates
             * @description Days: `2026-12-25`, or `12-25` for each year.
             */
            dates?: string[];
            /** Days Of Month */
            days_of_month?: number[];
            /**
             * Description
             * @default
             */
            description?: string;
            /**
             * Holidays
             * @description The public holidays of a country, by its ISO 3166 code: `ID`.
             * @default null
             */
            holidays?: string | null;
            /**
             * Names
             * @description Only the holidays whose name contains one of these texts; Indonesia's are Indonesian.
             */
            names?: string[];
            /**
             * Weekdays
             * @description Days of the week; 0 is Sunday.
             */
            weekdays?: number[];
            /**
             * Windows
             * @description Times of day: `22:00-06:00`, start in, end out; a window may pass midnight.
             */
            windows?: string[];
        };
        /**
         * CalendarBody
         * @description A stored calendar: its rules, and what the platform knows of it (read-only).
         */
        CalendarBody: {
            /**
             * Cuti Bersama
             * @description With Indonesia's joint leave days too.
             * @default false
             */
            cuti_bersama?: boolean;
            /**
             * Dates
             * @description Days: `2026-12-25`, or `12-25` for each year.
             */
            dates?: string[];
            /** Days Of Month */
            days_of_month?: number[];
            /**
             * Description
             * @default
             */
            description?: string;
            /**
             * Holidays
             * @description The public holidays of a country, by its ISO 3166 code: `ID`.
             */
            holidays?: string | null;
            /**
             * Jobs
             * @description The jobs whose schedules name it, oldest first.
             */
            jobs: string[];
            /** Name */
            name: string;
            /**
             * Names
             * @description Only the holidays whose name contains one of these texts; Indonesia's are Indonesian.
             */
            names?: string[];
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
            /**
             * Weekdays
             * @description Days of the week; 0 is Sunday.
             */
            weekdays?: number[];
            /**
             * Windows
             * @description Times of day: `22:00-06:00`, start in, end out; a window may pass midnight.
             */
            windows?: string[];
            /** @description Its rules as people say them; empty if it has none. */
            words: components["schemas"]["WordsBody"];
        };
        /**
         * CalendarDeleted
         * @description A calendar that is gone.
         */
        CalendarDeleted: {
            /** Name */
            name: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * ChangeBody
         * @description One field that changed; a secret's value is masked, a long one is cut.
         */
        ChangeBody: {
            /** From */
            from: unknown;
            /** Path */
            path: string;
            /** To */
            to: unknown;
        };
        /**
         * ChatBody
         * @description A chat that a message can go to.
         */
        ChatBody: {
            /**
             * Chat Id
             * @description What `to` takes.
             * @example 123456789
             */
            chat_id: string;
            /**
             * Kind
             * @description `sandbox`: a recipient of the sandbox's inbox, which receives only.
             * @enum {string}
             */
            kind: "private" | "group" | "channel" | "sandbox";
            /**
             * Last Text At
             * @description When it last wrote; in the sandbox, when something was last sent to it.
             */
            last_text_at: string | null;
            /**
             * Title
             * @description What people call it, as they chose it themselves; else its id or number.
             */
            title: string;
        };
        /**
         * ChatUserBody
         * @description A person who may act in groups.
         */
        ChatUserBody: {
            /**
             * Id
             * @description As the channel names the person.
             * @example 123456789
             */
            id: string;
            /**
             * Name
             * @description For readers; empty if none was given.
             */
            name: string;
        };
        /**
         * ChatUserDeleted
         * @description The person may act in groups no longer.
         */
        ChatUserDeleted: {
            /** Id */
            id: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * ChatUserRequest
         * @description The name of a person, for readers.
         */
        ChatUserRequest: {
            /**
             * Name
             * @default
             * @example Ana
             */
            name?: string;
        };
        /**
         * Check
         * @description One part of the deployment.
         *
         *     `missing`: no heartbeat. `late`: the last heartbeat is too old. `busy`: all slots are taken and ready runs
         *     wait too long. `stalled`: the service is alive, but does not take waiting work. `refusing`: Redis answers
         *     and refuses new work.
         */
        Check: {
            /**
             * Age Ms
             * @description Age of the newest heartbeat; for Redis, the latency.
             */
            age_ms: number | null;
            /** Instances */
            instances: number;
            /**
             * Next Step
             * @description A command that helps or shows more.
             * @example multi-job up
             */
            next_step: string | null;
            /**
             * Reason
             * @description The reason; null if the status is ok.
             * @example No worker runs; no run waits.
             */
            reason: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "late" | "missing" | "busy" | "stalled" | "refusing";
        };
        /**
         * CheckBody
         * @description What a check found. `command` is what a person can type to mend it.
         */
        CheckBody: {
            /**
             * Checked At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            checked_at: string;
            /** Command */
            command: string | null;
            /** Detail */
            detail: string;
            /** Latency Ms */
            latency_ms: number | null;
            /** Reason */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "not_configured";
        };
        /**
         * CheckRequest
         * @description A spec that is about to be saved.
         */
        CheckRequest: {
            /**
             * Assume
             * @description Jobs and those that their chains start, as if saved so: what is saved before.
             * @example {
             *       "load": [
             *         "report"
             *       ],
             *       "report": []
             *     }
             */
            assume?: {
                [key: string]: string[];
            };
            /** Spec */
            spec: {
                [key: string]: unknown;
            };
        };
        /**
         * Checks
         * @description All parts.
         */
        Checks: {
            connector: components["schemas"]["Check"];
            redis: components["schemas"]["Check"];
            scheduler: components["schemas"]["Check"];
            worker: components["schemas"]["Check"];
        };
        /**
         * ClockChangeBody
         * @description A change of the clocks that fires fall into, within a year.
         */
        ClockChangeBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "gap" | "overlap";
            /** Text En */
            text_en: string;
            /** Text Id */
            text_id: string;
        };
        /**
         * CollisionBody
         * @description A minute in which several jobs fire; jobs that fire more than 100 times do not count.
         */
        CollisionBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Jobs */
            jobs: string[];
        };
        /**
         * CommentRequest
         * @description A person's words for the timeline.
         */
        CommentRequest: {
            /**
             * Text
             * @example The provider works on it.
             */
            text: string;
        };
        /**
         * Concurrency
         * @description At most `limit` runs that carry `key` run at once, over all jobs; with `group_by`, in each group.
         */
        Concurrency: {
            /** Group By */
            group_by?: string | null;
            /** Key */
            key: string;
            /** Limit */
            limit: number;
            /**
             * Strategy
             * @description `group_round_robin`: free slots go to the groups in turn. Default: to the oldest run.
             */
            strategy?: "group_round_robin" | null;
            /**
             * Total
             * @description At most so many runs of all groups at once. Default: no bound; with `group_round_robin` the slots of the live workers.
             */
            total?: number | null;
        };
        /**
         * ConcurrencyInput
         * @description At most `limit` runs that carry `key` run at once, over all jobs; with `group_by`, in each group.
         */
        ConcurrencyInput: {
            /**
             * Group By
             * @default null
             */
            group_by?: string | null;
            /** Key */
            key: string;
            /** Limit */
            limit: number;
            /**
             * Strategy
             * @description `group_round_robin`: free slots go to the groups in turn. Default: to the oldest run.
             * @default null
             */
            strategy?: "group_round_robin" | null;
            /**
             * Total
             * @description At most so many runs of all groups at once. Default: no bound; with `group_round_robin` the slots of the live workers.
             * @default null
             */
            total?: number | null;
        };
        /**
         * ConnectorBody
         * @description A channel: what an account of it is made of, as JSON Schema, and the accounts that are there.
         */
        ConnectorBody: {
            /** Accounts */
            accounts: components["schemas"]["AccountBody"][];
            /** Channel */
            channel: string;
            /**
             * Commands
             * @description People can send commands through its accounts.
             */
            commands: boolean;
            /** Secrets Schema */
            secrets_schema: {
                [key: string]: unknown;
            };
            /** Settings Schema */
            settings_schema: {
                [key: string]: unknown;
            };
            /**
             * Sole Recipient
             * @description An account's address leads to one recipient, so messages need no `to`.
             */
            sole_recipient: boolean;
        };
        /**
         * ContactBody
         * @description A person or group of the address book, whose name a sentence may use.
         */
        ContactBody: {
            /** Account Id */
            account_id: string | null;
            /**
             * Channel
             * @enum {string}
             */
            channel: "telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox";
            /** Language */
            language: ("en" | "id") | null;
            /**
             * Name
             * @example Bu Siti
             */
            name: string;
            /** To */
            to: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * ContactDeleted
         * @description The contact is gone; jobs that were planned with it keep their recipient.
         */
        ContactDeleted: {
            /** Name */
            name: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * ContactRequest
         * @description The address of a person or group.
         */
        ContactRequest: {
            /**
             * Account Id
             * @description The account that sends; without one it is the only account of the channel.
             * @default null
             */
            account_id?: string | null;
            /**
             * Channel
             * @example whatsapp
             * @enum {string}
             */
            channel: "telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox";
            /**
             * Language
             * @description Of the alarms that it gets; else that of the deployment.
             * @default null
             */
            language?: ("en" | "id") | null;
            /**
             * To
             * @description A chat or a number, as the channel names it; printable characters.
             * @example 081234567890
             */
            to: string;
        };
        /**
         * DeadGroupBody
         * @description Dead letters of one error.
         */
        DeadGroupBody: {
            /**
             * Actions
             * @description What can be done about it at once, the best first.
             */
            actions: components["schemas"]["RemedyBody"][];
            /** Count */
            count: number;
            /**
             * Error
             * @description Of the newest letter.
             */
            error: components["schemas"]["RunErrorBody"] | null;
            /**
             * Fingerprint
             * @description `none` if the error has no fingerprint.
             */
            fingerprint: string;
            /**
             * First At
             * @description End of the oldest run of the group.
             */
            first_at: string | null;
            /**
             * Jobs
             * @description At most five, of the 20 newest letters.
             */
            jobs: string[];
            /**
             * Last At
             * @description End of the newest run of the group.
             */
            last_at: string | null;
            /** Latest Run Id */
            latest_run_id: string | null;
            /**
             * Sample Run Ids
             * @description The five newest.
             */
            sample_run_ids: string[];
        };
        /**
         * DefaultNotifyBody
         * @description The default recipient of messages, mainly of reports and alarms.
         */
        DefaultNotifyBody: {
            /** Account Id */
            account_id: string | null;
            /** Channel */
            channel: string | null;
            /**
             * Language
             * @description Of the alarms that it gets.
             * @enum {string}
             */
            language: "en" | "id";
            /**
             * Sandbox
             * @description No person is reached: reports and alarms are in the sandbox's inbox.
             */
            sandbox: boolean;
            /**
             * Source
             * @description `environment`: DEFAULT_NOTIFY, which wins over what is stored; not set here.
             * @enum {string}
             */
            source: "environment" | "stored" | "none";
            /** To */
            to: string | null;
            /**
             * Updated At
             * @description When it was stored.
             */
            updated_at: string | null;
            /**
             * Updated By
             * @description Who stored it.
             */
            updated_by: string | null;
            /**
             * Usable
             * @description Its account is there and enabled; true if there is no recipient.
             */
            usable: boolean;
            /**
             * Value
             * @description `channel:account:to`; null for none.
             * @example telegram:bot_a01:123456789
             */
            value: string | null;
        };
        /**
         * DefaultNotifyRequest
         * @description The default recipient of messages: an existing account, and a chat or a number.
         */
        DefaultNotifyRequest: {
            /**
             * Account Id
             * @example bot_a01
             */
            account_id: string;
            /**
             * Channel
             * @example telegram
             */
            channel: string;
            /**
             * Language
             * @description Of the alarms that it gets; else that of the deployment.
             * @default null
             */
            language?: ("en" | "id") | null;
            /**
             * To
             * @description A chat or a number, as the channel names it; printable characters.
             * @example 123456789
             */
            to: string;
        };
        /**
         * DeliveryBody
         * @description One message about an incident; `state` is that of the message.
         */
        DeliveryBody: {
            /** Account Id */
            account_id: string;
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Channel */
            channel: string;
            /** Error */
            error: string | null;
            /** Message Id */
            message_id: string;
            /**
             * Phase
             * @enum {string}
             */
            phase: "opened" | "escalated" | "recovered";
            /**
             * State
             * @example delivered
             */
            state: string;
            /** To */
            to: string;
        };
        /**
         * DifferenceBody
         * @description One field that changes: a JSON pointer into the spec, its value before and after.
         */
        DifferenceBody: {
            /** After */
            after: unknown;
            /** Before */
            before: unknown;
            /** Pointer */
            pointer: string;
        };
        /** DiscardDeadLettersAnswer */
        DiscardDeadLettersAnswer: components["schemas"]["LettersCounted"] | components["schemas"]["LettersDiscarded"];
        /**
         * DiscardRequest
         * @description Letters by id, by group or by filter: exactly one of them.
         */
        DiscardRequest: {
            /**
             * Dry Run
             * @description Say how many it would be, and change nothing.
             * @default false
             */
            dry_run?: boolean;
            /** @default null */
            filter?: components["schemas"]["LetterFilter"] | null;
            /**
             * Fingerprint
             * @default null
             */
            fingerprint?: string | null;
            /**
             * Run Ids
             * @default null
             */
            run_ids?: string[] | null;
        };
        /**
         * EventBody
         * @description Something that happened; a lower `rev` of the same run is stale.
         */
        EventBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Data */
            data: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Job Id */
            job_id: string | null;
            /** Rev */
            rev: number | null;
            /** Run Id */
            run_id: string | null;
            /** Seq */
            seq: number | null;
            /** Status */
            status: string | null;
            /** Type */
            type: string;
        };
        /**
         * ExecuteRequestBody
         * @description A prompt to plan and execute at once, or the id of a plan to execute as it was previewed.
         */
        ExecuteRequestBody: {
            /**
             * Default Account Id
             * @default null
             */
            default_account_id?: string | null;
            /**
             * Default Channel
             * @default null
             */
            default_channel?: ("telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox") | null;
            /**
             * Force Rule Based
             * @default false
             */
            force_rule_based?: boolean;
            /**
             * Max Steps
             * @description How often the model may be asked.
             * @default 8
             */
            max_steps?: number;
            /**
             * Model Id
             * @default null
             */
            model_id?: string | null;
            /**
             * Now
             * @default null
             */
            now?: string | null;
            /**
             * Only Certain
             * @description With `plan_id`: apply only what needs no confirmation, as with a prompt.
             * @default false
             */
            only_certain?: boolean;
            /**
             * Plan Id
             * @default null
             */
            plan_id?: string | null;
            /**
             * Prompt
             * @default null
             */
            prompt?: string | null;
            /**
             * Run Immediately
             * @default false
             */
            run_immediately?: boolean;
            /**
             * Timezone
             * @default null
             */
            timezone?: string | null;
            /**
             * Use Ai
             * @default false
             */
            use_ai?: boolean;
            /**
             * Wait Seconds
             * @default 0
             */
            wait_seconds?: number;
        };
        /**
         * ExecutionBody
         * @description What became of a plan.
         */
        ExecutionBody: {
            /** Assumptions */
            assumptions: string[];
            /** Notes */
            notes: components["schemas"]["NoteBody"][];
            /**
             * Plan Id
             * @description The plan to confirm with `plan_id`, or to answer, if something was not applied.
             */
            plan_id: string | null;
            /**
             * Planner Source
             * @enum {string}
             */
            planner_source: "rule_based" | "model" | "smolagents";
            /** Results */
            results: components["schemas"]["JobResultBody"][];
            /** Summary */
            summary: string;
            /** Warnings */
            warnings: string[];
        };
        /**
         * ExponentialBackoff
         * @description Delay before try n (from 0): base × factor^n seconds, at most `max`.
         */
        ExponentialBackoff: {
            /**
             * Base
             * @default 1
             */
            base?: number;
            /**
             * Factor
             * @default 2
             */
            factor?: number;
            /**
             * Max
             * @default 300
             */
            max?: number;
        };
        /**
         * FieldChange
         * @description One field that differs; null for an absent field.
         */
        FieldChange: {
            /** From */
            from: unknown;
            /**
             * Path
             * @description A JSON Pointer.
             * @example /schedule/interval_sec
             */
            path: string;
            /** To */
            to: unknown;
        };
        /**
         * FieldProblemBody
         * @description One refused field.
         */
        FieldProblemBody: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Pointer */
            pointer: string;
        };
        /**
         * FireBody
         * @description A fire to come.
         */
        FireBody: {
            /**
             * Local
             * @example 2026-01-31T07:00:00+07:00
             */
            local: string;
            /**
             * Offset
             * @example +07:00
             */
            offset: string;
            /**
             * Utc
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            utc: string;
        };
        /**
         * FormatBody
         * @description One form in which it can be had: ask for its media type by `Accept`.
         */
        FormatBody: {
            /** Bytes */
            bytes: number;
            /**
             * Media Type
             * @example text/markdown
             */
            media_type: string;
            /** Sha256 */
            sha256: string;
        };
        /**
         * FoundBody
         * @description What a monitor's run has found: the run succeeds also if its target is down.
         */
        FoundBody: {
            /**
             * Detail
             * @description The reason for people.
             * @example 503 Service Unavailable
             */
            detail: string;
            /**
             * Reason
             * @description A short code; null if all is well.
             * @example status
             */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "not_configured";
        };
        /** GetReportAnswer */
        GetReportAnswer: Record<string, never>;
        /**
         * Health
         * @description The process alone: `unhealthy` if it could not work for a minute.
         */
        Health: {
            /**
             * Reason
             * @description Why it could not work.
             */
            reason: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "healthy" | "unhealthy";
            /** Version */
            version: string;
        };
        /**
         * HourBody
         * @description One hour: the worst state that was seen in it.
         */
        HourBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown" | "paused" | "not_configured";
            /** Uptime */
            uptime: number | null;
        };
        /**
         * InboxMessageBody
         * @description A message that the sandbox has received.
         */
        InboxMessageBody: {
            /** Account Id */
            account_id: string;
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Id */
            id: string;
            /** Job Id */
            job_id: string | null;
            /** Message Id */
            message_id: string;
            /** Run Id */
            run_id: string | null;
            /** Text */
            text: string;
            /** To */
            to: string;
        };
        /**
         * IncidentBody
         * @description What is wrong, since when, which jobs, and who got a message.
         */
        IncidentBody: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /** Acknowledged By */
            acknowledged_by: string | null;
            /**
             * Actions
             * @description The best first; none if it is closed.
             */
            actions: components["schemas"]["RemedyBody"][];
            /**
             * Cause
             * @example status 503, expected < 400
             */
            cause: string;
            /** Closed At */
            closed_at: string | null;
            /**
             * Count
             * @description How many times the cause was reported.
             */
            count: number;
            /** Deliveries */
            deliveries: components["schemas"]["DeliveryBody"][];
            /**
             * Id
             * @example inc1042
             */
            id: string;
            /** Jobs */
            jobs: string[];
            kind: components["schemas"]["IncidentKind"];
            /**
             * Last At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            last_at: string;
            /**
             * Maintenance
             * @description It opened during a maintenance window.
             */
            maintenance: boolean;
            /**
             * Opened At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            opened_at: string;
            /**
             * Severity
             * @enum {string}
             */
            severity: "critical" | "warning" | "info";
            /** Silenced Until */
            silenced_until: string | null;
            /**
             * Since
             * Format: date-time
             * @description When the cause began; `opened_at` is when the incident opened.
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /** Subject */
            subject: string;
            /**
             * Timeline
             * @description Oldest first.
             */
            timeline: components["schemas"]["TimelineBody"][];
            /**
             * Title
             * @example https://example.org is down
             */
            title: string;
        };
        /**
         * IncidentKind
         * @description The kind of a cause.
         * @enum {string}
         */
        IncidentKind: "monitor_down" | "heartbeat_silent" | "account_down" | "job_failing" | "job_alarm" | "job_overdue" | "slots_missed" | "queue_stuck" | "no_worker" | "scheduler_silent" | "outbox_stuck" | "redis_memory" | "shard_away" | "disk_space" | "history_purged" | "clock_skew" | "message_undelivered" | "alarm_undelivered" | "no_recipient" | "backup_old" | "certificate_ends";
        /**
         * IncidentSummaryBody
         * @description How many incidents are open, and when one closed last; null if none ever did.
         */
        IncidentSummaryBody: {
            /** Last Closed At */
            last_closed_at: string | null;
            /** Open */
            open: number;
        };
        /**
         * JobBody
         * @description A stored job: its spec, and what the platform knows of it (read-only).
         */
        JobBody: {
            concurrency: components["schemas"]["Concurrency"] | null;
            /**
             * Cooling Down Until
             * @description Until then a failure holds its slots back.
             */
            cooling_down_until: string | null;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Failure Cooldown Sec
             * @default 0
             */
            failure_cooldown_sec: number;
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            /**
             * Jitter Sec
             * @default 0
             */
            jitter_sec: number;
            /** Job Id */
            job_id: string;
            last_run: components["schemas"]["RunBriefBody"] | null;
            /** @default run_once */
            misfire: components["schemas"]["Misfire"];
            /**
             * Misfire Grace Sec
             * @default 10
             */
            misfire_grace_sec: number;
            /** @description What it watches; null if it has reported no check. */
            monitor: components["schemas"]["MonitorBriefBody"] | null;
            /** Next Run At */
            next_run_at: string | null;
            /**
             * On Failure
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_failure: string[];
            /**
             * On Success
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_success: string[];
            /** @default skip */
            overlap: components["schemas"]["Overlap"];
            /** @default normal */
            priority: components["schemas"]["Priority"];
            /**
             * Queue
             * @description In `WORKER_QUEUES` of workers.
             * @default default
             */
            queue?: string;
            rate?: components["schemas"]["Rate"] | null;
            /**
             * Recent
             * @description The 40 newest runs, newest first.
             */
            recent: components["schemas"]["RunBriefBody"][];
            retry_policy: components["schemas"]["RetryPolicy"];
            schedule: components["schemas"]["Schedule"] | null;
            /** @description Its schedule as people say it; null if it has none. */
            schedule_words: components["schemas"]["WordsBody"] | null;
            stats: components["schemas"]["JobStatsBody"];
            /** Tags */
            tags: string[];
            /**
             * Timeout Ms
             * @default 60000
             */
            timeout_ms: number;
            /** Type */
            type: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * JobCreated
         * @description A job as it was just created.
         */
        JobCreated: {
            concurrency: components["schemas"]["Concurrency"] | null;
            /**
             * Cooling Down Until
             * @description Until then a failure holds its slots back.
             */
            cooling_down_until: string | null;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Failure Cooldown Sec
             * @default 0
             */
            failure_cooldown_sec: number;
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            /**
             * Jitter Sec
             * @default 0
             */
            jitter_sec: number;
            /** Job Id */
            job_id: string;
            last_run: components["schemas"]["RunBriefBody"] | null;
            /** @default run_once */
            misfire: components["schemas"]["Misfire"];
            /**
             * Misfire Grace Sec
             * @default 10
             */
            misfire_grace_sec: number;
            /** @description What it watches; null if it has reported no check. */
            monitor: components["schemas"]["MonitorBriefBody"] | null;
            /** Next Run At */
            next_run_at: string | null;
            /**
             * On Failure
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_failure: string[];
            /**
             * On Success
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_success: string[];
            /** @default skip */
            overlap: components["schemas"]["Overlap"];
            /** @default normal */
            priority: components["schemas"]["Priority"];
            /**
             * Queue
             * @description In `WORKER_QUEUES` of workers.
             * @default default
             */
            queue?: string;
            rate?: components["schemas"]["Rate"] | null;
            /**
             * Recent
             * @description The 40 newest runs, newest first.
             */
            recent: components["schemas"]["RunBriefBody"][];
            retry_policy: components["schemas"]["RetryPolicy"];
            schedule: components["schemas"]["Schedule"] | null;
            /** @description Its schedule as people say it; null if it has none. */
            schedule_words: components["schemas"]["WordsBody"] | null;
            stats: components["schemas"]["JobStatsBody"];
            /**
             * Status
             * @constant
             */
            status: "created";
            /** Tags */
            tags: string[];
            /**
             * Timeout Ms
             * @default 60000
             */
            timeout_ms: number;
            /** Type */
            type: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * JobDeleted
         * @description A job that is gone; its history stays.
         */
        JobDeleted: {
            /** Job Id */
            job_id: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * JobEditBody
         * @description What a person changes in one job of a plan: of the inputs only those that are named; null removes.
         */
        JobEditBody: {
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs?: {
                [key: string]: unknown;
            } | null;
            /** Job Id */
            job_id: string;
            /**
             * Leave Out
             * @default false
             */
            leave_out?: boolean;
            /**
             * Make New
             * @description Create a job, although a stored one has this target.
             * @default false
             */
            make_new?: boolean;
            /**
             * Schedule
             * @default null
             */
            schedule?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * JobResultBody
         * @description What became of one job of a plan; without a run at once the fields of the run are null.
         */
        JobResultBody: {
            /**
             * Create Status
             * @enum {string}
             */
            create_status: "created" | "updated" | "unchanged" | "disabled" | "paused" | "resumed" | "run" | "deleted" | "needs_confirmation" | "error";
            /** Job Id */
            job_id: string;
            queue_status: components["schemas"]["RunStatus"] | null;
            /** Result Error */
            result_error: string | null;
            /** Result Success */
            result_success: boolean | null;
            /** Run Id */
            run_id: string | null;
            run_status: components["schemas"]["RunStatus"] | null;
            /** Type */
            type: string;
        };
        /**
         * JobSpec
         * @description What a person asks for: a type, its inputs, when, and how failures are met.
         */
        JobSpec: {
            concurrency?: components["schemas"]["Concurrency"] | null;
            /**
             * Description
             * @default
             */
            description?: string;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /**
             * Failure Cooldown Sec
             * @default 0
             */
            failure_cooldown_sec?: number;
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /**
             * Jitter Sec
             * @default 0
             */
            jitter_sec?: number;
            /** Job Id */
            job_id: string;
            /** @default run_once */
            misfire?: components["schemas"]["Misfire"];
            /**
             * Misfire Grace Sec
             * @default 10
             */
            misfire_grace_sec?: number;
            /**
             * On Failure
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_failure?: string[];
            /**
             * On Success
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_success?: string[];
            /** @default skip */
            overlap?: components["schemas"]["Overlap"];
            /** @default normal */
            priority?: components["schemas"]["Priority"];
            /**
             * Queue
             * @description In `WORKER_QUEUES` of workers.
             * @default default
             */
            queue?: string;
            rate?: components["schemas"]["Rate"] | null;
            retry_policy?: components["schemas"]["RetryPolicy"];
            schedule?: components["schemas"]["Schedule"] | null;
            /** Tags */
            tags?: string[];
            /**
             * Timeout Ms
             * @default 60000
             */
            timeout_ms?: number;
            /** Type */
            type: string;
        };
        /**
         * JobSpecInput
         * @description What a person asks for: a type, its inputs, when, and how failures are met.
         */
        JobSpecInput: {
            /** @default null */
            concurrency?: components["schemas"]["ConcurrencyInput"] | null;
            /**
             * Description
             * @default
             */
            description?: string;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /**
             * Failure Cooldown Sec
             * @default 0
             */
            failure_cooldown_sec?: number;
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /**
             * Jitter Sec
             * @default 0
             */
            jitter_sec?: number;
            /** Job Id */
            job_id: string;
            /** @default run_once */
            misfire?: components["schemas"]["Misfire"];
            /**
             * Misfire Grace Sec
             * @default 10
             */
            misfire_grace_sec?: number;
            /**
             * On Failure
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_failure?: string[];
            /**
             * On Success
             * @description Jobs to run once a run of this one has ended so; they must exist.
             */
            on_success?: string[];
            /** @default skip */
            overlap?: components["schemas"]["Overlap"];
            /** @default normal */
            priority?: components["schemas"]["Priority"];
            /**
             * Queue
             * @description In `WORKER_QUEUES` of workers.
             * @default default
             */
            queue?: string;
            /** @default null */
            rate?: components["schemas"]["RateInput"] | null;
            retry_policy?: components["schemas"]["RetryPolicyInput"];
            /** @default null */
            schedule?: components["schemas"]["ScheduleInput"] | null;
            /** Tags */
            tags?: string[];
            /**
             * Timeout Ms
             * @default 60000
             */
            timeout_ms?: number;
            /** Type */
            type: string;
        };
        /**
         * JobStatsBody
         * @description A job's last 24 hours; percentiles are within 5 %.
         */
        JobStatsBody: {
            /** Failed */
            failed: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** Runs */
            runs: number;
            /** Success */
            success: number;
            /**
             * Success Rate
             * @description Of a monitor: its uptime of the last 24 hours.
             */
            success_rate: number | null;
        };
        /**
         * JobSwitched
         * @description A job that was enabled or disabled.
         */
        JobSwitched: {
            /** Job Id */
            job_id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "enabled" | "disabled";
        };
        /**
         * JobTypeBody
         * @description A job type that this deployment knows.
         */
        JobTypeBody: {
            defaults: components["schemas"]["JobTypeDefaults"];
            /** Description */
            description: string;
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            phrases: components["schemas"]["PhrasesBody"] | null;
            /**
             * Runs In
             * @enum {string}
             */
            runs_in: "loop" | "thread" | "process" | "by inputs";
            /** Tools */
            tools: string[];
            /** Type */
            type: string;
        };
        /**
         * JobTypeDefaults
         * @description The defaults of a spec of this type.
         */
        JobTypeDefaults: {
            retry_policy: components["schemas"]["RetryPolicy"];
            /** Timeout Ms */
            timeout_ms: number;
        };
        /**
         * JobVersionBody
         * @description One save of a spec.
         */
        JobVersionBody: {
            /** Actor */
            actor: string;
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Origin */
            origin: string;
            spec: components["schemas"]["JobSpec"];
            /** Version */
            version: number;
        };
        /**
         * KeptBody
         * @description How long ended runs are kept; the first limit that is reached counts. Dead letters stay.
         */
        KeptBody: {
            /**
             * Days
             * @description Succeeded and cancelled runs (RETENTION_DAYS).
             */
            days: number;
            /**
             * Failed Days
             * @description Failed runs (RETENTION_FAILED_DAYS).
             */
            failed_days: number;
            /**
             * Max Mb
             * @description Megabytes of history and logs (RETENTION_MAX_MB).
             */
            max_mb: number;
            /**
             * Runs Per Job
             * @description The newest runs of a job (RETENTION_RUNS_PER_JOB).
             */
            runs_per_job: number;
        };
        /**
         * KeyBody
         * @description An API key or a user; the text of a key is kept nowhere.
         */
        KeyBody: {
            /**
             * Addresses
             * @description Addresses and networks (CIDR) from which it is accepted; empty: all.
             * @example [
             *       "10.0.0.0/8"
             *     ]
             */
            addresses: string[];
            /** Created At */
            created_at: string | null;
            /** Created By */
            created_by: string;
            /**
             * Expires At
             * @description From then on it is refused; null: never.
             */
            expires_at: string | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @description `user`: a person who signs in without a key of their own, by a link or at a provider.
             * @enum {string}
             */
            kind: "key" | "user";
            /**
             * Last Used At
             * @description To five minutes.
             */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Provider
             * @description The issuer at which a user signs in, whose groups decide about the role; else null.
             */
            provider: string | null;
            role: components["schemas"]["Role"];
            /**
             * Scope
             * @description `tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all.
             * @example [
             *       "tag:shop"
             *     ]
             */
            scope: string[];
            /**
             * Source
             * @description `env`: from API_KEYS; not to be deleted here.
             * @enum {string}
             */
            source: "stored" | "env";
            /**
             * State
             * @description `not_valid`: this deployment did not make the record; it is no key.
             * @enum {string}
             */
            state: "active" | "expired" | "not_valid";
        };
        /**
         * KeyCreated
         * @description A key that was just made.
         */
        KeyCreated: {
            /**
             * Addresses
             * @description Addresses and networks (CIDR) from which it is accepted; empty: all.
             * @example [
             *       "10.0.0.0/8"
             *     ]
             */
            addresses: string[];
            /** Created At */
            created_at: string | null;
            /** Created By */
            created_by: string;
            /**
             * Expires At
             * @description From then on it is refused; null: never.
             */
            expires_at: string | null;
            /** Id */
            id: string;
            /**
             * Key
             * @description Its text, shown this once; null if the same request was sent again.
             */
            key: string | null;
            /**
             * Kind
             * @description `user`: a person who signs in without a key of their own, by a link or at a provider.
             * @enum {string}
             */
            kind: "key" | "user";
            /**
             * Last Used At
             * @description To five minutes.
             */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Provider
             * @description The issuer at which a user signs in, whose groups decide about the role; else null.
             */
            provider: string | null;
            role: components["schemas"]["Role"];
            /**
             * Scope
             * @description `tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all.
             * @example [
             *       "tag:shop"
             *     ]
             */
            scope: string[];
            /**
             * Source
             * @description `env`: from API_KEYS; not to be deleted here.
             * @enum {string}
             */
            source: "stored" | "env";
            /**
             * State
             * @description `not_valid`: this deployment did not make the record; it is no key.
             * @enum {string}
             */
            state: "active" | "expired" | "not_valid";
        };
        /**
         * KeyRequest
         * @description A key to be made: who or what will use it, and how much it may.
         */
        KeyRequest: {
            /**
             * Addresses
             * @description Addresses and networks (CIDR) from which it is accepted; empty: all.
             * @example [
             *       "10.0.0.0/8"
             *     ]
             */
            addresses?: string[];
            /**
             * Expires In Days
             * @description It is refused after so many days; null: it does not expire.
             * @default null
             * @example 90
             */
            expires_in_days?: number | null;
            /**
             * Name
             * @description 1 to 64 letters, digits, `.`, `_`, `@` or `-`.
             * @example ci
             */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "metrics" | "viewer" | "operator" | "admin";
            /**
             * Scope
             * @description `tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all. A key with a scope is a viewer or an operator.
             * @example [
             *       "tag:shop",
             *       "job:shop-"
             *     ]
             */
            scope?: string[];
        };
        /**
         * KeyRevoked
         * @description The key is refused from now on.
         */
        KeyRevoked: {
            /** Id */
            id: string;
            /**
             * Status
             * @constant
             */
            status: "revoked";
        };
        /**
         * KeyRotation
         * @description How the successor of a key takes over.
         */
        KeyRotation: {
            /**
             * Expires In Days
             * @description How long the new key is served; null: as long as the old one was made for.
             * @default null
             */
            expires_in_days?: number | null;
            /**
             * Overlap Hours
             * @description How long the old key is still served.
             * @default 24
             */
            overlap_hours?: number;
        };
        /**
         * LaneBody
         * @description One priority lane.
         */
        LaneBody: {
            /** Oldest Ms */
            oldest_ms: number | null;
            /** Running */
            running: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * Lanes
         * @description The three lanes.
         */
        Lanes: {
            high: components["schemas"]["LaneBody"];
            low: components["schemas"]["LaneBody"];
            normal: components["schemas"]["LaneBody"];
        };
        /**
         * LatencyBody
         * @description Percentiles of the last 24 hours, within 5 %; null if nothing was measured.
         */
        LatencyBody: {
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
        };
        /**
         * LetterFilter
         * @description Letters that fit in all given parts; `{}` fits all. `since` and `until` are about the run's end.
         */
        LetterFilter: {
            /**
             * Job Id
             * @default null
             */
            job_id?: string | null;
            /**
             * Since
             * @default null
             */
            since?: string | null;
            /**
             * Type
             * @default null
             */
            type?: string | null;
            /**
             * Until
             * @default null
             */
            until?: string | null;
        };
        /**
         * LetterRefused
         * @description A run about which nothing was decided.
         */
        LetterRefused: {
            /**
             * Code
             * @description `run_not_found`, `no_dead_letter`, `changed` (it failed again since), `damaged_record`, or why the rest was given up, such as `redis_unavailable`: send it again.
             */
            code: string;
            /** Run Id */
            run_id: string;
        };
        /**
         * LettersCounted
         * @description What a dry run found.
         */
        LettersCounted: {
            /** Count */
            count: number;
            /**
             * Sample Run Ids
             * @description The five oldest.
             */
            sample_run_ids: string[];
        };
        /**
         * LettersDiscarded
         * @description What a discard has done.
         */
        LettersDiscarded: {
            /** Discarded */
            discarded: number;
            /** Failed */
            failed: components["schemas"]["LetterRefused"][];
        };
        /**
         * LettersRedriven
         * @description What a redrive has done.
         */
        LettersRedriven: {
            /** Failed */
            failed: components["schemas"]["LetterRefused"][];
            /**
             * Last Due At
             * @description When the last one falls due; null if all are queued.
             */
            last_due_at: string | null;
            /** Redriven */
            redriven: number;
            /**
             * Run Ids
             * @description The first 100 of them, oldest first.
             */
            run_ids: string[];
        };
        /**
         * LinkRequest
         * @description The code of a sign-in link.
         */
        LinkRequest: {
            /**
             * Code
             * @description The part of the link behind `#`. It works once.
             */
            code: string;
        };
        /** ListVersionsAnswer */
        ListVersionsAnswer: components["schemas"]["JobVersionBody"][] | components["schemas"]["VersionComparison"];
        /**
         * LogLineBody
         * @description One captured line.
         */
        LogLineBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Attempt */
            attempt: number;
            /**
             * Cursor
             * @description Its position: its attempt and its number in it.
             */
            cursor: string;
            /** Fields */
            fields: {
                [key: string]: unknown;
            };
            /** Level */
            level: string;
            /** Message */
            message: string;
        };
        /**
         * MaintenanceBody
         * @description A time in which incidents of some jobs, or of all, send nothing.
         */
        MaintenanceBody: {
            /**
             * Active Until
             * @description The end of the window that is open; null if none is.
             */
            active_until: string | null;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Duration Min */
            duration_min: number | null;
            /** Ends At */
            ends_at: string | null;
            /** Id */
            id: string;
            /**
             * Next Start
             * @description When it opens next; null if it does not any more.
             */
            next_start: string | null;
            /** Reason */
            reason: string;
            /** Rrule */
            rrule: string | null;
            /**
             * Scope
             * @description `all`, `tag:TAG` or `job:JOB`.
             * @example tag:shop
             */
            scope: string;
            /** Starts At */
            starts_at: string | null;
            /** Timezone */
            timezone: string | null;
        };
        /**
         * MaintenanceDeleted
         * @description A window that is gone.
         */
        MaintenanceDeleted: {
            /** Id */
            id: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * MaintenanceDraft
         * @description A window to be saved: once, from `starts_at` to `ends_at`, or again and again by `rrule`.
         */
        MaintenanceDraft: {
            /**
             * Duration Min
             * @description How long each window of an `rrule` is.
             * @default null
             */
            duration_min?: number | null;
            /**
             * Ends At
             * @default null
             */
            ends_at?: string | null;
            /**
             * Reason
             * @default
             * @example Database upgrade
             */
            reason?: string;
            /**
             * Rrule
             * @default null
             * @example FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0
             */
            rrule?: string | null;
            /**
             * Scope
             * @description `all`, `tag:TAG` or `job:JOB`.
             * @example tag:shop
             */
            scope: string;
            /**
             * Starts At
             * @description Its start; of an `rrule`, the first start that counts.
             * @default null
             */
            starts_at?: string | null;
            /**
             * Timezone
             * @description Of an `rrule`; else the deployment's.
             * @default null
             */
            timezone?: string | null;
        };
        /**
         * MeBody
         * @description Who the caller is.
         */
        MeBody: {
            /**
             * Addresses
             * @description Addresses and networks (CIDR) from which it is accepted; empty: all.
             * @example [
             *       "10.0.0.0/8"
             *     ]
             */
            addresses: string[];
            /**
             * Key Id
             * @description The id of the key that was sent; null if none was.
             */
            key_id: string | null;
            /**
             * Keyless
             * @description No key was needed: there is none yet and the caller is the user who runs the API, on this machine, or AUTH=off.
             */
            keyless: boolean;
            /**
             * Name
             * @description The name of the key; `local` if none is needed. Runs carry it.
             * @example ci
             */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * Scope
             * @description `tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all.
             * @example [
             *       "tag:shop",
             *       "job:shop-"
             *     ]
             */
            scope: string[];
            /**
             * Timezone
             * @description The zone of the deployment.
             * @example Asia/Jakarta
             */
            timezone: string;
        };
        /**
         * MemoryKindsBody
         * @description Bytes by kind.
         */
        MemoryKindsBody: {
            /**
             * Artifacts
             * @description Contents of reports and exports.
             */
            artifacts: number;
            /**
             * History
             * @description Ended runs with attempts, logs and index entries.
             */
            history: number;
            /**
             * Jobs
             * @description Specs, versions, ledgers, and values that handlers keep.
             */
            jobs: number;
            /**
             * Logs
             * @description Log lines of running runs, events, the audit.
             */
            logs: number;
            /**
             * Messages
             * @description Outbox, inbox, and updates of channels.
             */
            messages: number;
            /**
             * Other
             * @description Idempotency keys, plans, accounts, processes.
             */
            other: number;
            /**
             * Queue
             * @description Runs that have not ended, their streams and indexes.
             */
            queue: number;
            /**
             * Rollups
             * @description Statistics.
             */
            rollups: number;
        };
        /**
         * MemoryUsageBody
         * @description Redis memory of this deployment, estimated from samples.
         */
        MemoryUsageBody: {
            kinds: components["schemas"]["MemoryKindsBody"];
            /**
             * Measured At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            measured_at: string;
            /** Total Bytes */
            total_bytes: number;
        };
        /**
         * MessageBody
         * @description A message and what became of it; `provider_id` is the receipt.
         */
        MessageBody: {
            /** Account Id */
            account_id: string;
            /** Attempts */
            attempts: number;
            /** Channel */
            channel: string;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /**
             * Due At
             * @description When it should be sent; null if no time was given.
             */
            due_at: string | null;
            /** Error */
            error: string | null;
            /** Error Code */
            error_code: string | null;
            /**
             * Expires At
             * @description From when on it is not sent any more: it fails with the code `expired`.
             */
            expires_at: string | null;
            /** Id */
            id: string;
            /**
             * Is Late
             * @description It was sent five minutes after `due_at` or later, and says so.
             */
            is_late: boolean;
            /** Job Id */
            job_id: string | null;
            /** Not Before */
            not_before: string | null;
            /** Provider Id */
            provider_id: string | null;
            /** @description What the channel has said of it since it took it. */
            provider_state: components["schemas"]["ProviderState"] | null;
            /** Provider State At */
            provider_state_at: string | null;
            /** Run Id */
            run_id: string | null;
            state: components["schemas"]["OutboxState"];
            /** Text */
            text: string;
            /** To */
            to: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
        };
        /**
         * Misfire
         * @description The treatment of slots that passed while no scheduler was running.
         * @enum {string}
         */
        Misfire: "run_once" | "skip" | "run_all";
        /**
         * MissingType
         * @description A job type that runs wait for: the workers that have read them do not have it.
         */
        MissingType: {
            /** Type */
            type: string;
            /** Waiting */
            waiting: number;
        };
        /**
         * MonitorBody
         * @description A monitor, and its state at this moment.
         */
        MonitorBody: {
            /**
             * Command
             * @description The command that sets it up, if it is not configured.
             */
            command: string | null;
            /** Fails In A Row */
            fails_in_a_row: number;
            /**
             * Hours
             * @description The last 24 hours, oldest first.
             */
            hours: components["schemas"]["HourBody"][];
            /**
             * Incident Id
             * @description The open incident that it is a part of.
             */
            incident_id: string | null;
            /** Job Id */
            job_id: string;
            /** Last Check At */
            last_check_at: string | null;
            /**
             * Last Error
             * @example status 503, expected < 400
             */
            last_error: string | null;
            latency: components["schemas"]["LatencyBody"];
            /** Latency Ms */
            latency_ms: number | null;
            /**
             * Reason
             * @description A short code of the reason.
             */
            reason: string | null;
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /**
             * State
             * @description `unknown`: its checks stay away, or the last one failed; `paused`: it is switched off.
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown" | "paused" | "not_configured";
            /**
             * Target
             * @example https://example.org/health
             */
            target: string;
            /**
             * Type
             * @example monitor.http
             */
            type: string;
            uptime: components["schemas"]["UptimeBody"];
        };
        /**
         * MonitorBriefBody
         * @description The state of what a job watches, at this moment.
         */
        MonitorBriefBody: {
            /**
             * Incident Id
             * @description The open incident that it is a part of.
             */
            incident_id: string | null;
            /** Last Error */
            last_error: string | null;
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown" | "paused" | "not_configured";
        };
        /**
         * MonitorDetailBody
         * @description A monitor with its history.
         */
        MonitorDetailBody: {
            /**
             * Command
             * @description The command that sets it up, if it is not configured.
             */
            command: string | null;
            /** Fails In A Row */
            fails_in_a_row: number;
            /**
             * History
             * @description Up to 1,000 newest, oldest first.
             */
            history: components["schemas"]["StateRangeBody"][];
            /**
             * Hours
             * @description The last 24 hours, oldest first.
             */
            hours: components["schemas"]["HourBody"][];
            /**
             * Incident Id
             * @description The open incident that it is a part of.
             */
            incident_id: string | null;
            /** Job Id */
            job_id: string;
            /** Last Check At */
            last_check_at: string | null;
            /**
             * Last Error
             * @example status 503, expected < 400
             */
            last_error: string | null;
            latency: components["schemas"]["LatencyBody"];
            /** Latency Ms */
            latency_ms: number | null;
            /** @description Of a `monitor.heartbeat`: what its program reported last. */
            ping: components["schemas"]["PingBody"] | null;
            /**
             * Quarters
             * @description The last 24 hours, oldest first.
             */
            quarters: components["schemas"]["MonitorQuarterBody"][];
            /**
             * Reason
             * @description A short code of the reason.
             */
            reason: string | null;
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /**
             * State
             * @description `unknown`: its checks stay away, or the last one failed; `paused`: it is switched off.
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown" | "paused" | "not_configured";
            /**
             * Target
             * @example https://example.org/health
             */
            target: string;
            /**
             * Type
             * @example monitor.http
             */
            type: string;
            uptime: components["schemas"]["UptimeBody"];
        };
        /**
         * MonitorQuarterBody
         * @description A quarter hour in which something was seen.
         */
        MonitorQuarterBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /**
             * Checks
             * @description Checks with a latency.
             */
            checks: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** Uptime */
            uptime: number | null;
        };
        /**
         * MovedBody
         * @description The slot in whose place a run fired, because its schedule skips it.
         */
        MovedBody: {
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            reason: components["schemas"]["WordsBody"];
        };
        /**
         * NamedChatUser
         * @description A person who may act in groups.
         */
        NamedChatUser: {
            /**
             * Id
             * @example 123456789
             */
            id: string;
            /**
             * Name
             * @default
             */
            name?: string;
        };
        /**
         * NextFireBody
         * @description The next fire of a job.
         */
        NextFireBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Job Id */
            job_id: string;
        };
        /**
         * NoteBody
         * @description What a plan says about itself: what it assumes, did not read, refuses or asks, and about which job.
         */
        NoteBody: {
            /**
             * Actions
             * @description What can be done about it at once.
             * @default []
             */
            actions: components["schemas"]["RemedyBody"][];
            /**
             * Choices
             * @description Answers to a question; empty if any text is one.
             * @default []
             */
            choices: string[];
            /**
             * Job
             * @description The id of the job that it is about.
             */
            job: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "environment" | "assumption" | "unread" | "conflict" | "refusal" | "question";
            span: components["schemas"]["PromptSpanBody"] | null;
            /** Text */
            text: string;
        };
        /**
         * NotificationRule
         * @description Which incidents go to whom. Empty `kinds` and `tags` are all.
         */
        NotificationRule: {
            /**
             * Digest Min
             * @description minutes between two messages; what comes meanwhile is one digest
             */
            digest_min?: number | null;
            /**
             * Escalate After Min
             * @description minutes until the next gets it, if no person has acknowledged it
             */
            escalate_after_min?: number | null;
            /** @description when the rule is off, as `skip` of a schedule has it; another rule may fit then */
            hours?: components["schemas"]["Skip"] | null;
            /** Kinds */
            kinds?: components["schemas"]["IncidentKind"][];
            /**
             * Min Severity
             * @default warning
             * @enum {string}
             */
            min_severity?: "critical" | "warning" | "info";
            /**
             * Name
             * @example shop
             */
            name: string;
            /**
             * Tags
             * @description one of the incident's jobs has one of these
             */
            tags?: string[];
            /**
             * To
             * @description the first gets the alarm; the others follow
             */
            to: components["schemas"]["AlarmRecipient"][];
        };
        /**
         * NotificationRuleInput
         * @description Which incidents go to whom. Empty `kinds` and `tags` are all.
         */
        NotificationRuleInput: {
            /**
             * Digest Min
             * @description minutes between two messages; what comes meanwhile is one digest
             * @default null
             */
            digest_min?: number | null;
            /**
             * Escalate After Min
             * @description minutes until the next gets it, if no person has acknowledged it
             * @default null
             */
            escalate_after_min?: number | null;
            /**
             * @description when the rule is off, as `skip` of a schedule has it; another rule may fit then
             * @default null
             */
            hours?: components["schemas"]["SkipInput"] | null;
            /** Kinds */
            kinds?: components["schemas"]["IncidentKind"][];
            /**
             * Min Severity
             * @default warning
             * @enum {string}
             */
            min_severity?: "critical" | "warning" | "info";
            /**
             * Name
             * @example shop
             */
            name: string;
            /**
             * Tags
             * @description one of the incident's jobs has one of these
             */
            tags?: string[];
            /**
             * To
             * @description the first gets the alarm; the others follow
             */
            to: components["schemas"]["AlarmRecipientInput"][];
        };
        /**
         * NotificationRules
         * @description The rules of a deployment, in order: the first that fits, and is not off, decides.
         */
        NotificationRules: {
            /** Rules */
            rules?: components["schemas"]["NotificationRuleInput"][];
        };
        /**
         * NotificationRulesBody
         * @description The rules in order: the first that fits an incident, and is not off, decides who gets its alarm.
         */
        NotificationRulesBody: {
            /** Rules */
            rules: components["schemas"]["NotificationRule"][];
            /**
             * Updated At
             * @description When they were stored; null if they never were.
             */
            updated_at: string | null;
            /** Updated By */
            updated_by: string | null;
        };
        /**
         * Occurrence
         * @description Slots of a schedule: one that ran or is to come, or a range that did not run, with the reason.
         */
        Occurrence: {
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "ran" | "missed" | "skipped" | "upcoming";
            /**
             * Reason
             * @description `skip` if the schedule itself leaves them out; `words` says why.
             */
            reason: string;
            /** Run Id */
            run_id: string | null;
            /** Slots */
            slots: number;
            status: components["schemas"]["RunStatus"] | null;
            /**
             * To
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            to: string;
            /** @description Why the schedule leaves them out; null for other reasons. */
            words: components["schemas"]["WordsBody"] | null;
        };
        /**
         * OidcAnswer
         * @description What the browser brought back from the provider, and what it kept.
         */
        OidcAnswer: {
            /** Code */
            code: string;
            /**
             * Iss
             * @description `iss` of the answer; empty if none came.
             * @default
             */
            iss?: string;
            /** State */
            state: string;
            /** Transaction */
            transaction: string;
        };
        /**
         * OidcStart
         * @description The beginning of a sign-in, as the dashboard sends it.
         */
        OidcStart: {
            /**
             * Host
             * @description Name and port of the dashboard as the browser knows it; PUBLIC_URL goes before it.
             * @example 127.0.0.1:3000
             */
            host: string;
        };
        /**
         * OidcStarted
         * @description The way to the provider.
         */
        OidcStarted: {
            /**
             * Authorization Url
             * @description The address that the browser goes to.
             */
            authorization_url: string;
            /**
             * Redirect Uri
             * @description The address that the provider sends it back to.
             */
            redirect_uri: string;
            /**
             * Transaction
             * @description Sealed: the browser keeps it, and brings it back with the code.
             */
            transaction: string;
        };
        /**
         * OidcWay
         * @description Sign-in at a provider.
         */
        OidcWay: {
            /**
             * Label
             * @description The text of the button.
             * @example login.example.org
             */
            label: string;
        };
        /**
         * OnSkip
         * @description What becomes of a skipped slot: nothing, or a fire on the nearest day that is not skipped.
         * @enum {string}
         */
        OnSkip: "drop" | "before" | "after";
        /**
         * OutageBody
         * @description From the first check that found it down to the first that did not.
         */
        OutageBody: {
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /**
             * Job Id
             * @description The monitor that saw it.
             */
            job_id: string;
            /**
             * Reason
             * @example channel_unreachable
             */
            reason: string;
            /**
             * To
             * @description Null while it lasts.
             */
            to: string | null;
        };
        /**
         * OutboxState
         * @description The state of a message.
         * @enum {string}
         */
        OutboxState: "pending" | "sending" | "delivered" | "failed" | "unknown";
        /**
         * Overlap
         * @description The effect of a slot while an earlier run of its job is active.
         * @enum {string}
         */
        Overlap: "skip" | "queue" | "cancel_running" | "allow";
        /**
         * PauseAnswer
         * @description A scope as it was left. `held` counts the runs that it holds, or that the resume gave back.
         *
         *     `since`, `until`, `actor` and `reason` are those of the pause, also of an ended one; null if there was
         *     none.
         */
        PauseAnswer: {
            /** Actor */
            actor: string | null;
            /** Held */
            held: number;
            /** Name */
            name: string | null;
            /** Reason */
            reason: string | null;
            scope: components["schemas"]["ScopeKind"];
            /** Since */
            since: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "paused" | "resumed";
            /** Until */
            until: string | null;
        };
        /**
         * PauseRequest
         * @description What to hold, and why.
         */
        PauseRequest: {
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * Reason
             * @default
             */
            reason?: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "all" | "queue" | "type" | "job";
            /**
             * Until
             * @description When the pause ends; without it, at a resume.
             * @default null
             */
            until?: string | null;
        };
        /**
         * PausedScope
         * @description A scope that is paused, until when if that is known, and how many runs it holds.
         */
        PausedScope: {
            /** Actor */
            actor: string;
            /** Held */
            held: number;
            /** Name */
            name: string | null;
            /** Reason */
            reason: string;
            scope: components["schemas"]["ScopeKind"];
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /** Until */
            until: string | null;
        };
        /**
         * PhrasesBody
         * @description The words that ask for a job type in a sentence, and the schedule if it says no time.
         */
        PhrasesBody: {
            /** Nouns */
            nouns: string[];
            /** Schedule */
            schedule: {
                [key: string]: unknown;
            } | null;
            /** Slots */
            slots: components["schemas"]["SlotBody"][];
            /** Verbs */
            verbs: string[];
        };
        /**
         * PingBody
         * @description The last success or failure that a program has reported.
         */
        PingBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Exit Code */
            exit_code: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "success" | "fail";
            /**
             * Output
             * @description The beginning of what it sent along.
             */
            output: string;
            /**
             * Started At
             * @description A start that has no end yet.
             */
            started_at: string | null;
            /**
             * Took Ms
             * @description From its start to its end, if it has reported both.
             */
            took_ms: number | null;
        };
        /**
         * PingUrlBody
         * @description The URL that an outside program calls, with `/start`, `/fail` or an exit code behind it.
         */
        PingUrlBody: {
            /** Job Id */
            job_id: string;
            last: components["schemas"]["PingBody"] | null;
            /**
             * Path
             * @description The path alone, if the API has other names for outside programs.
             */
            path: string;
            /**
             * Url
             * @example https://jobs.example/ping/7BbX2kYxM3vTq1LrWc9ZpA4d
             */
            url: string;
        };
        /**
         * PlacesBody
         * @description Patterns of places; empty for none.
         */
        PlacesBody: {
            /** Channels */
            channels: string[];
            /** Hosts */
            hosts: string[];
            /** Paths */
            paths: string[];
            /** Secrets */
            secrets: string[];
        };
        /**
         * PlanAiRequestBody
         * @description A prompt to plan with a language model.
         */
        PlanAiRequestBody: {
            /**
             * Default Account Id
             * @default null
             */
            default_account_id?: string | null;
            /**
             * Default Channel
             * @default null
             */
            default_channel?: ("telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox") | null;
            /**
             * Force Rule Based
             * @default false
             */
            force_rule_based?: boolean;
            /**
             * Max Steps
             * @description How often the model may be asked.
             * @default 8
             */
            max_steps?: number;
            /**
             * Model Id
             * @default null
             */
            model_id?: string | null;
            /**
             * Now
             * @default null
             */
            now?: string | null;
            /**
             * Prompt
             * @description What shall be done, in Indonesian or English.
             * @example Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00
             */
            prompt: string;
            /**
             * Timezone
             * @default null
             */
            timezone?: string | null;
        };
        /**
         * PlanBody
         * @description What a prompt becomes; `notes` hold those of the jobs too, `assumptions` and `warnings` their texts.
         */
        PlanBody: {
            /** Assumptions */
            assumptions: string[];
            /** Explain */
            explain: components["schemas"]["SpanBody"][];
            /** Jobs */
            jobs: components["schemas"]["PlannedJobBody"][];
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "id";
            /** Normalized Prompt */
            normalized_prompt: string;
            /** Notes */
            notes: components["schemas"]["NoteBody"][];
            /** Plan Id */
            plan_id: string;
            /**
             * Planner Source
             * @enum {string}
             */
            planner_source: "rule_based" | "model" | "smolagents";
            /** Prompt */
            prompt: string;
            /** Summary */
            summary: string;
            /** Warnings */
            warnings: string[];
        };
        /**
         * PlanStepBody
         * @description A prompt to plan; or a plan with an answer to its question, a change in words, or edits of its jobs.
         */
        PlanStepBody: {
            /**
             * Answer
             * @default null
             */
            answer?: string | null;
            /**
             * Default Account Id
             * @default null
             */
            default_account_id?: string | null;
            /**
             * Default Channel
             * @default null
             */
            default_channel?: ("telegram" | "whatsapp" | "email" | "slack" | "discord" | "ntfy" | "webhook" | "sandbox") | null;
            /**
             * Edits
             * @default null
             */
            edits?: components["schemas"]["JobEditBody"][] | null;
            /**
             * Now
             * @default null
             */
            now?: string | null;
            /**
             * Plan Id
             * @default null
             */
            plan_id?: string | null;
            /**
             * Prompt
             * @default null
             */
            prompt?: string | null;
            /**
             * Timezone
             * @default null
             */
            timezone?: string | null;
        };
        /**
         * PlannedFireBody
         * @description A fire to come, on the clock of its zone and in UTC.
         */
        PlannedFireBody: {
            /**
             * Local
             * @example 2026-01-31T07:00:00+07:00
             */
            local: string;
            /** Timezone */
            timezone: string;
            /**
             * Utc
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            utc: string;
        };
        /**
         * PlannedJobBody
         * @description One job of a plan: its whole spec as it will be, and what that changes.
         */
        PlannedJobBody: {
            /** Assumptions */
            assumptions: string[];
            /**
             * Certainty
             * @description `check`: a person should look at the fields in `check`. `ask`: it needs an answer or a confirmation before it is applied.
             * @enum {string}
             */
            certainty: "certain" | "check" | "ask";
            /**
             * Change
             * @enum {string}
             */
            change: "create" | "update" | "unchanged" | "disable" | "pause" | "resume" | "run" | "delete";
            /** Check */
            check: ("schedule" | "to" | "channel" | "account_id" | "text" | "url" | "period" | "job")[];
            /**
             * Confidence
             * @description The share of right jobs among those of this certainty.
             */
            confidence: number;
            /** Diff */
            diff: components["schemas"]["DifferenceBody"][];
            job_spec: components["schemas"]["JobSpec"];
            /** Next Runs */
            next_runs: components["schemas"]["PlannedFireBody"][];
            /** Notes */
            notes: components["schemas"]["NoteBody"][];
            /** Reason */
            reason: string;
            /**
             * Until
             * @description When a pause ends; null if it does not.
             */
            until: string | null;
            /** Warnings */
            warnings: string[];
        };
        /**
         * PlatformBody
         * @description The deployment as a whole.
         */
        PlatformBody: {
            /**
             * Auth
             * @description AUTH of the process that answers. `off`: everybody who reaches its port is an admin.
             * @enum {string}
             */
            auth: "auto" | "key" | "off";
            /** @description Measured by a scheduler each 10 s; null until one has measured it. */
            memory: components["schemas"]["MemoryUsageBody"] | null;
            /**
             * Namespace
             * @description NAMESPACE: what all its keys begin with.
             * @example mj
             */
            namespace: string;
            /**
             * Processes
             * @description All live processes. Different versions are normal during an upgrade only.
             */
            processes: components["schemas"]["ProcessBody"][];
            redis: components["schemas"]["RedisBody"];
            /**
             * Schema Version
             * @description The schema of the data in Redis; null before the first.
             */
            schema_version: number | null;
            /**
             * Shards
             * @description Each shard with SHARDS above 1; empty with one.
             */
            shards: components["schemas"]["ShardBody"][];
            /**
             * Timezone
             * @description TIMEZONE: that of every schedule which names none itself.
             * @example Asia/Jakarta
             */
            timezone: string;
            /**
             * Version
             * @description Of the process that answers.
             */
            version: string;
        };
        /**
         * PolicyBody
         * @description What one job type may do. A tool that its handler names and that is not here is denied.
         */
        PolicyBody: {
            /**
             * Denied Tools
             * @description Tools of the handler that no rule allows.
             */
            denied_tools: string[];
            /**
             * Pattern
             * @description The rule that counts; null if none matches.
             */
            pattern: string | null;
            /**
             * Source
             * @description The name of the file that has the rule.
             */
            source: string | null;
            /** Tools */
            tools: {
                [key: string]: components["schemas"]["ToolPolicyBody"];
            };
            /** Type */
            type: string;
        };
        /**
         * PreviewBody
         * @description What a schedule would do.
         */
        PreviewBody: {
            /** Dst Notes */
            dst_notes: components["schemas"]["ClockChangeBody"][];
            /**
             * Ends
             * @description Whether there is a last fire.
             */
            ends: boolean;
            /**
             * Holiday Notes
             * @description What is not sure about the holidays of this time: not published yet, estimated dates.
             */
            holiday_notes: components["schemas"]["WordsBody"][];
            /** Next */
            next: components["schemas"]["FireBody"][];
            /**
             * Skipped
             * @description The next slots that are skipped, within a year or up to the last of `next`; 12 at most.
             */
            skipped: components["schemas"]["SkippedBody"][];
            /**
             * Timezone
             * @description The zone of `local` and of the words.
             */
            timezone: string;
            words: components["schemas"]["WordsBody"];
        };
        /**
         * PreviewRequest
         * @description A schedule as a spec has it; `now` is the moment that it is looked at from.
         */
        PreviewRequest: {
            /**
             * Count
             * @default 10
             */
            count?: number;
            /**
             * Jitter Sec
             * @default 0
             */
            jitter_sec?: number;
            /**
             * Now
             * @default null
             */
            now?: string | null;
            schedule: components["schemas"]["ScheduleInput"];
        };
        /**
         * Priority
         * @description The lane of the ready queue.
         * @enum {string}
         */
        Priority: "high" | "normal" | "low";
        /**
         * Problem
         * @description Problem details (RFC 9457); `errors` on 422.
         */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /** Detail */
            detail: string;
            /**
             * Errors
             * @default null
             */
            errors?: components["schemas"]["FieldProblemBody"][] | null;
            /** Instance */
            instance: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Trace Id */
            trace_id: string;
            /** Type */
            type: string;
        };
        /**
         * @description docs/errors.md has each.
         * @enum {string}
         */
        ProblemCode: "account_not_found" | "address_denied" | "admin_key_needed" | "admin_required" | "bad_request" | "body_too_large" | "calendar_in_use" | "calendar_not_found" | "chat_user_not_found" | "chats_unavailable" | "check_unavailable" | "configuration" | "conflict" | "contact_not_found" | "disk_full" | "error" | "export_damaged" | "failed" | "file_missing" | "files_unavailable" | "foreign_origin" | "gone" | "http_too_large" | "http_unreachable" | "idempotency_mismatch" | "incident_not_found" | "internal" | "invalid_input" | "invalid_json" | "invalid_request" | "invalid_spec" | "job_exists" | "job_not_found" | "key_not_found" | "last_admin_key" | "lease_lost" | "limit_exceeded" | "maintenance_not_found" | "malformed_json" | "message_not_found" | "method_not_allowed" | "monitor_not_found" | "name_taken" | "non_retryable" | "not_acceptable" | "not_durable" | "not_found" | "out_of_scope" | "outbox_mismatch" | "path_not_found" | "path_refused" | "ping_not_found" | "plan_not_found" | "plan_outdated" | "planner_busy" | "policy_denied" | "precondition_failed" | "provider_unavailable" | "queue_full" | "rate_limited" | "record_missing" | "redis_full" | "redis_unavailable" | "refused" | "restore_refused" | "retryable" | "role_too_low" | "run_not_found" | "secret_not_found" | "secret_unreadable" | "session_not_found" | "set_by_environment" | "sign_in_refused" | "state_conflict" | "status_page_not_found" | "too_many_streams" | "too_many_streams_of_key" | "too_many_wrong_keys" | "unauthorized" | "unavailable" | "unknown_job_type" | "unsupported_media_type" | "url_refused" | "version_conflict" | "version_not_found" | "wrong_host" | "wrong_signature";
        /**
         * ProcessBody
         * @description A process with a recent heartbeat, on any machine.
         */
        ProcessBody: {
            /** Host */
            host: string;
            /** Instance */
            instance: string;
            /**
             * Schema Version
             * @description The schema of data that it writes; 0 for a release before 1.0.0.
             */
            schema_version: number;
            /**
             * Service
             * @example worker
             */
            service: string;
            /**
             * Version
             * @description The release that it runs.
             */
            version: string;
        };
        /**
         * PromptSpanBody
         * @description A stretch of the prompt, in Unicode code points: its start, and the end before which it ends.
         */
        PromptSpanBody: {
            /** End */
            end: number;
            /** Start */
            start: number;
        };
        /**
         * ProviderState
         * @description The progress of a message, as the remote side reports it.
         * @enum {string}
         */
        ProviderState: "sent" | "delivered" | "read" | "failed";
        /**
         * PublicDay
         * @description A UTC day of a monitor.
         */
        PublicDay: {
            /**
             * Date
             * Format: date
             */
            date: string;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown";
            /** Uptime */
            uptime: number | null;
        };
        /**
         * PublicIncident
         * @description An open incident of a monitor.
         */
        PublicIncident: {
            /** Name */
            name: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * State
             * @enum {string}
             */
            state: "down" | "degraded";
        };
        /**
         * PublicMaintenance
         * @description A maintenance window that is open or planned, and the monitors that it covers.
         */
        PublicMaintenance: {
            /** Active */
            active: boolean;
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /** Names */
            names: string[];
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
        };
        /**
         * PublicMonitor
         * @description A monitor as readers see it.
         */
        PublicMonitor: {
            /**
             * Days
             * @description The last 90 UTC days, oldest first.
             */
            days: components["schemas"]["PublicDay"][];
            /** Name */
            name: string;
            /** Since */
            since: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "maintenance" | "unknown";
            uptime: components["schemas"]["PublicUptime"];
        };
        /**
         * PublicStatus
         * @description The public data of a page: no ids of jobs, targets, accounts or errors.
         */
        PublicStatus: {
            /**
             * Age Sec
             * @description The age of the data.
             * @default 0
             */
            age_sec?: number;
            /**
             * Generated At
             * Format: date-time
             */
            generated_at: string;
            /** Incidents */
            incidents: components["schemas"]["PublicIncident"][];
            /** Language */
            language: ("en" | "id") | null;
            /** Maintenance */
            maintenance: components["schemas"]["PublicMaintenance"][];
            /** Monitors */
            monitors: components["schemas"]["PublicMonitor"][];
            /** Slug */
            slug: string;
            /**
             * Stale
             * @description Redis is away: this is the last known state.
             * @default false
             */
            stale?: boolean;
            /**
             * State
             * @description The worst state of the monitors.
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "maintenance" | "unknown";
            /** Timezone */
            timezone: string;
            /** Title */
            title: string;
            /**
             * Uptime
             * @description The mean of the monitors over 30 days.
             */
            uptime: number | null;
        };
        /**
         * PublicUptime
         * @description Shares of the time that was watched, 0 to 1, cut after 4 decimals; null if nothing was.
         */
        PublicUptime: {
            /** D30 */
            d30: number | null;
            /** D7 */
            d7: number | null;
            /** D90 */
            d90: number | null;
            /** H24 */
            h24: number | null;
        };
        /**
         * PublishedBody
         * @description A report or an export; `bytes` and `sha256` are those of its first form.
         */
        PublishedBody: {
            /** Bytes */
            bytes: number;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /** Formats */
            formats: components["schemas"]["FormatBody"][];
            /**
             * Host
             * @description The machine that wrote it.
             */
            host: string;
            /**
             * Id
             * @example report-daily@2026-01-31T070000
             */
            id: string;
            /** Job Id */
            job_id: string;
            /** @description Place of its files. `host`: on that machine alone; each API reaches the other places. */
            place: components["schemas"]["ArtifactPlace"];
            /** Run Id */
            run_id: string;
            /**
             * Secrets
             * @description Of an export: it has secrets in it, and only an admin may download it.
             */
            secrets: boolean | null;
            /** Sha256 */
            sha256: string;
        };
        /**
         * QuarterBody
         * @description A quarter hour: the time in each state. Time that is missing was not observed.
         */
        QuarterBody: {
            /**
             * At
             * Format: date-time
             * @description When it began.
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Degraded Ms */
            degraded_ms: number;
            /** Down Ms */
            down_ms: number;
            /** Not Configured Ms */
            not_configured_ms: number;
            /** Up Ms */
            up_ms: number;
        };
        /**
         * QueueBody
         * @description All queues together.
         */
        QueueBody: {
            /** Dead Letters */
            dead_letters: number;
            /** Delayed */
            delayed: number;
            lanes: components["schemas"]["Lanes"];
            /** Next Due At */
            next_due_at: string | null;
            /**
             * Next Fires
             * @description The first three, jitter included.
             */
            next_fires: components["schemas"]["NextFireBody"][];
            /** Paused */
            paused: components["schemas"]["PausedScope"][];
            /** Suspects */
            suspects: number;
            /** Waiting For Keys */
            waiting_for_keys: number;
        };
        /**
         * QueueItem
         * @description One queue. `waiting` and `running` are of all its lanes, without suspects.
         */
        QueueItem: {
            /**
             * Jobs
             * @description Jobs that name the queue; 0 for `default`.
             */
            jobs: number;
            lanes: components["schemas"]["Lanes"];
            /**
             * Missing Types
             * @description Types of runs that wait for a worker with the type.
             */
            missing_types: components["schemas"]["MissingType"][];
            /** Name */
            name: string;
            /**
             * Oldest Ms
             * @description How long the oldest run has waited.
             */
            oldest_ms: number | null;
            paused: components["schemas"]["PausedScope"] | null;
            /** Running */
            running: number;
            /** Suspects */
            suspects: number;
            /** Waiting */
            waiting: number;
            /**
             * Workers
             * @description Live workers that serve it.
             */
            workers: number;
        };
        /**
         * Rate
         * @description At most `per_minute` runs that carry `key` start in any 60 seconds, over all jobs and workers.
         */
        Rate: {
            /** Group By */
            group_by?: string | null;
            /** Key */
            key: string;
            /** Per Minute */
            per_minute: number;
        };
        /**
         * RateInput
         * @description At most `per_minute` runs that carry `key` start in any 60 seconds, over all jobs and workers.
         */
        RateInput: {
            /**
             * Group By
             * @default null
             */
            group_by?: string | null;
            /** Key */
            key: string;
            /** Per Minute */
            per_minute: number;
        };
        /**
         * Readiness
         * @description Whether work gets done.
         *
         *     `degraded` (200): a service is missing or late, and nothing waits for it. `unready` (503): Redis is out
         *     of reach or refuses new work, or waiting work makes no progress.
         */
        Readiness: {
            checks: components["schemas"]["Checks"];
            /**
             * Schema Version
             * @description The schema of the data in Redis; null if that is unknown.
             */
            schema_version: number | null;
            /**
             * Status
             * @enum {string}
             */
            status: "ready" | "degraded" | "unready";
            /**
             * Version
             * @description The release of the process that answers.
             * @default 1.0.0
             */
            version: string;
        };
        /**
         * RedisBody
         * @description The server that keeps everything, as it was when it was asked.
         */
        RedisBody: {
            /**
             * Allocator
             * @description The allocator that the server was built with; a preloaded one is not shown.
             * @example jemalloc-5.3.0
             */
            allocator: string;
            /**
             * Fragmentation
             * @description Resident memory divided by used memory.
             */
            fragmentation: number;
            /**
             * Latency Ms
             * @description How long the one call took that this answer is made of.
             */
            latency_ms: number;
            /**
             * Max Memory Bytes
             * @description The server's own limit (`maxmemory`); null if it has none.
             */
            max_memory_bytes: number | null;
            /**
             * Resident Memory Bytes
             * @description Physical memory of the server's process, in bytes.
             */
            resident_memory_bytes: number;
            /**
             * Used Memory Bytes
             * @description Bytes that the server has allocated.
             */
            used_memory_bytes: number;
            /**
             * Version
             * @description Of Redis, or of Valkey.
             * @example 7.4.2
             */
            version: string;
        };
        /** RedriveDeadLettersAnswer */
        RedriveDeadLettersAnswer: components["schemas"]["LettersCounted"] | components["schemas"]["LettersRedriven"];
        /**
         * RedriveRequest
         * @description Letters to run again, all at once or spread by a rate.
         */
        RedriveRequest: {
            /**
             * Dry Run
             * @description Say how many it would be, and change nothing.
             * @default false
             */
            dry_run?: boolean;
            /** @default null */
            filter?: components["schemas"]["LetterFilter"] | null;
            /**
             * Fingerprint
             * @default null
             */
            fingerprint?: string | null;
            /**
             * Rate Per Sec
             * @default null
             */
            rate_per_sec?: number | null;
            /**
             * Run Ids
             * @default null
             */
            run_ids?: string[] | null;
        };
        /**
         * RemediedRequest
         * @description A remedy that a person has used.
         */
        RemediedRequest: {
            action: components["schemas"]["RemedyAction"];
            /**
             * Target
             * @description As the remedy has it.
             * @example nightly
             */
            target: string;
        };
        /**
         * RemedyAction
         * @description What a person can do about a cause.
         * @enum {string}
         */
        RemedyAction: "enable" | "resume" | "redrive" | "set_up_account" | "let_queue" | "raise_timeout" | "run_now" | "free_space" | "set_recipient" | "start_service";
        /**
         * RemedyBody
         * @description What a person can do about a cause; `command` is the same on the command line.
         */
        RemedyBody: {
            action: components["schemas"]["RemedyAction"];
            /** Command */
            command: string;
            /**
             * Label
             * @example Run now
             */
            label: string;
            /**
             * Role
             * @description The role that it needs.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /**
             * Target
             * @description A job, an account (`channel:account`, or a channel), a scope (`all`, `type:T`, `job:J`), a service, or for dead letters the fingerprint of an error or a run.
             */
            target: string;
        };
        /**
         * RerunRequest
         * @description A re-run; if there are `inputs`, they replace all of the first run's.
         */
        RerunRequest: {
            /**
             * Delay Sec
             * @default 0
             */
            delay_sec?: number;
            /**
             * Inputs
             * @default null
             */
            inputs?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * ResumeRequest
         * @description What to let go on: everything, one queue, the jobs of one type, or one job.
         */
        ResumeRequest: {
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * Scope
             * @enum {string}
             */
            scope: "all" | "queue" | "type" | "job";
        };
        /**
         * RetryPolicy
         * @description How often and after which delay a failed attempt is tried again.
         */
        RetryPolicy: {
            /** Backoff Sec */
            backoff_sec?: number[] | components["schemas"]["ExponentialBackoff"];
            /**
             * Jitter
             * @default 0
             */
            jitter?: number;
            /**
             * Max Retry
             * @default 3
             */
            max_retry?: number;
            /** Non Retryable */
            non_retryable?: string[];
        };
        /**
         * RetryPolicyInput
         * @description How often and after which delay a failed attempt is tried again.
         */
        RetryPolicyInput: {
            /** Backoff Sec */
            backoff_sec?: number[] | components["schemas"]["ExponentialBackoff"];
            /**
             * Jitter
             * @default 0
             */
            jitter?: number;
            /**
             * Max Retry
             * @default 3
             */
            max_retry?: number;
            /** Non Retryable */
            non_retryable?: string[];
        };
        /**
         * Role
         * @description The role of a key; each role includes those before it.
         * @enum {string}
         */
        Role: "metrics" | "viewer" | "operator" | "admin";
        /**
         * RoleRequest
         * @description Another role for a user.
         */
        RoleRequest: {
            /**
             * Role
             * @enum {string}
             */
            role: "metrics" | "viewer" | "operator" | "admin";
        };
        /**
         * RunAccepted
         * @description A run that was taken on.
         */
        RunAccepted: {
            /** Job Id */
            job_id: string;
            /** Run Id */
            run_id: string;
            /**
             * Status
             * @description `purged`: retention has removed the run of a repeated Idempotency-Key.
             */
            status: components["schemas"]["RunStatus"] | "purged";
        };
        /**
         * RunBody
         * @description A run in its present state; `result` is null until it has ended.
         */
        RunBody: {
            /** Actor */
            actor: string;
            /** Attempt */
            attempt: number;
            /** Cancel Requested */
            cancel_requested: boolean;
            /**
             * Chain Depth
             * @description How many runs came before it in its chain.
             */
            chain_depth: number;
            /** Crashes */
            crashes: number;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /** Dead Letter */
            dead_letter: boolean;
            /** Due At */
            due_at: string | null;
            /** Duration Ms */
            duration_ms: number | null;
            /** Ended At */
            ended_at: string | null;
            /**
             * Error
             * @description Of the last failed attempt.
             */
            error: components["schemas"]["RunErrorBody"] | null;
            /** Failures */
            failures: number;
            /** @description What a monitor's run has found at its time; null for other jobs, and until it has ended. */
            readonly found: components["schemas"]["FoundBody"] | null;
            /** Inputs */
            inputs: unknown;
            /** Job Id */
            job_id: string;
            /** Max Retry */
            max_retry: number;
            /** @description The present state of what its job watches; null if the job is no monitor. */
            monitor: components["schemas"]["MonitorBriefBody"] | null;
            /** @description The slot in whose place it ran, because the schedule skips that one (`on_skip`). */
            moved: components["schemas"]["MovedBody"] | null;
            /**
             * Parent Run Id
             * @description The run whose end has started it (chains).
             */
            parent_run_id: string | null;
            priority: components["schemas"]["Priority"];
            /** Progress */
            progress: unknown;
            /** Queue */
            queue: string;
            /** Queued At */
            queued_at: string | null;
            /** Releases */
            releases: number;
            /**
             * Rerun Of
             * @description The run that it repeats.
             */
            rerun_of: string | null;
            /** Result */
            result: components["schemas"]["RunResult"] | null;
            /** Rev */
            rev: number;
            /** Run Id */
            run_id: string;
            /** Seq */
            seq: number;
            /** Slot At */
            slot_at: string | null;
            /**
             * Source
             * @description What made it.
             * @example schedule
             * @example api
             * @example planner
             * @example chain
             * @example telegram
             */
            source: string;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["RunStatus"];
            /** Timeout Ms */
            timeout_ms: number;
            /** Trace Id */
            trace_id: string;
            /** Type */
            type: string;
            /** Version */
            version: number;
            /**
             * Waiting For
             * @description What it waits for: `user:<key>`, `user:<key>/<group>`, `job:<id>` (an earlier run of its job), `rate:<key>`, `paused:<scope>` or `type:<type>`.
             */
            waiting_for: string;
            /** Worker */
            worker: string;
        };
        /**
         * RunBriefBody
         * @description One square of a run strip.
         */
        RunBriefBody: {
            /** Duration Ms */
            duration_ms: number | null;
            /** Run Id */
            run_id: string;
            status: components["schemas"]["RunStatus"];
        };
        /**
         * RunCancelled
         * @description The result of a cancellation; a running handler is notified and ends soon.
         */
        RunCancelled: {
            /** Cancel Requested */
            cancel_requested: boolean;
            /** Run Id */
            run_id: string;
            status: components["schemas"]["RunStatus"];
        };
        /**
         * RunCounts
         * @description How many runs are kept in each state.
         */
        RunCounts: {
            /** Cancelled */
            cancelled: number;
            /**
             * Dead Letters
             * @description Failed runs that wait for a decision.
             */
            dead_letters: number;
            /** Failed */
            failed: number;
            kept: components["schemas"]["KeptBody"];
            /** Queued */
            queued: number;
            /**
             * Removed Until
             * @description Runs created up to then may have been removed; null if none has been.
             */
            removed_until: string | null;
            /** Retrying */
            retrying: number;
            /** Running */
            running: number;
            /** Scheduled */
            scheduled: number;
            /** Success */
            success: number;
        };
        /**
         * RunDetail
         * @description A run with every attempt.
         */
        RunDetail: {
            /** Actor */
            actor: string;
            /** Attempt */
            attempt: number;
            /** Attempts */
            attempts: components["schemas"]["AttemptBody"][];
            /** Cancel Requested */
            cancel_requested: boolean;
            /**
             * Chain Depth
             * @description How many runs came before it in its chain.
             */
            chain_depth: number;
            /** Crashes */
            crashes: number;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /** Dead Letter */
            dead_letter: boolean;
            /** Due At */
            due_at: string | null;
            /** Duration Ms */
            duration_ms: number | null;
            /** Ended At */
            ended_at: string | null;
            /**
             * Error
             * @description Of the last failed attempt.
             */
            error: components["schemas"]["RunErrorBody"] | null;
            /** Failures */
            failures: number;
            /** @description What a monitor's run has found at its time; null for other jobs, and until it has ended. */
            readonly found: components["schemas"]["FoundBody"] | null;
            /** Inputs */
            inputs: unknown;
            /** Job Id */
            job_id: string;
            /** Max Retry */
            max_retry: number;
            /** @description The present state of what its job watches; null if the job is no monitor. */
            monitor: components["schemas"]["MonitorBriefBody"] | null;
            /** @description The slot in whose place it ran, because the schedule skips that one (`on_skip`). */
            moved: components["schemas"]["MovedBody"] | null;
            /**
             * Parent Run Id
             * @description The run whose end has started it (chains).
             */
            parent_run_id: string | null;
            /** @description Its place while it waits for a key or a rate; null otherwise. */
            place: components["schemas"]["WaitPlaceBody"] | null;
            priority: components["schemas"]["Priority"];
            /** Progress */
            progress: unknown;
            /** Queue */
            queue: string;
            /** Queued At */
            queued_at: string | null;
            /** Releases */
            releases: number;
            /**
             * Rerun Of
             * @description The run that it repeats.
             */
            rerun_of: string | null;
            /** Result */
            result: components["schemas"]["RunResult"] | null;
            /** Rev */
            rev: number;
            /** Run Id */
            run_id: string;
            /** Seq */
            seq: number;
            /** Slot At */
            slot_at: string | null;
            /**
             * Source
             * @description What made it.
             * @example schedule
             * @example api
             * @example planner
             * @example chain
             * @example telegram
             */
            source: string;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["RunStatus"];
            /** Timeout Ms */
            timeout_ms: number;
            /** Trace Id */
            trace_id: string;
            /** Type */
            type: string;
            /** Version */
            version: number;
            /**
             * Waiting For
             * @description What it waits for: `user:<key>`, `user:<key>/<group>`, `job:<id>` (an earlier run of its job), `rate:<key>`, `paused:<scope>` or `type:<type>`.
             */
            waiting_for: string;
            /** Worker */
            worker: string;
        };
        /**
         * RunErrorBody
         * @description Why an attempt failed; texts are masked and cut.
         */
        RunErrorBody: {
            /**
             * At
             * @description Epoch milliseconds.
             */
            at: number;
            /** Code */
            code: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "exception" | "timeout" | "crash" | "lease_lost" | "cancelled" | "invalid" | "unknown_type";
            /** Message */
            message: string;
            /** Retryable */
            retryable: boolean;
            /** Traceback */
            traceback?: string | null;
            /**
             * Type
             * @description The exception's class, if there was one.
             */
            type?: string | null;
        };
        /**
         * RunFilterBody
         * @description Runs that fit in all given parts, as `GET /runs` takes them; `{}` fits all.
         */
        RunFilterBody: {
            /**
             * Job Id
             * @default null
             */
            job_id?: string | null;
            /**
             * Q
             * @default null
             */
            q?: string | null;
            /**
             * Since
             * @default null
             */
            since?: string | null;
            /**
             * Status
             * @default null
             */
            status?: components["schemas"]["RunStatus"][] | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace Id
             * @default null
             */
            trace_id?: string | null;
            /**
             * Type
             * @default null
             */
            type?: string | null;
            /**
             * Until
             * @default null
             */
            until?: string | null;
        };
        /**
         * RunRepeated
         * @description A run that repeats another one.
         */
        RunRepeated: {
            /** Job Id */
            job_id: string;
            /** Rerun Of */
            rerun_of: string;
            /** Run Id */
            run_id: string;
            /**
             * Status
             * @description `purged`: retention has removed the run of a repeated Idempotency-Key.
             */
            status: components["schemas"]["RunStatus"] | "purged";
        };
        /**
         * RunRequest
         * @description A run by hand; if there are `inputs`, they replace all of the spec's.
         */
        RunRequest: {
            /**
             * Delay Sec
             * @default 0
             */
            delay_sec?: number;
            /**
             * Inputs
             * @default null
             */
            inputs?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * RunResult
         * @description How a run ended.
         */
        RunResult: {
            /** Duration Ms */
            duration_ms: number | null;
            /** Error */
            error: components["schemas"]["RunErrorBody"] | null;
            /** Output */
            output: unknown;
            /** Success */
            success: boolean;
        };
        /**
         * RunStatus
         * @description The states of a run. Each comment names the transitions out of the state.
         * @enum {string}
         */
        RunStatus: "scheduled" | "queued" | "running" | "retrying" | "success" | "failed" | "cancelled";
        /**
         * Schedule
         * @description When a job fires: one of `interval_sec`, `cron`, `rrule`, `at`, within `start_at` and `end_at`.
         */
        Schedule: {
            /** At */
            at?: string | null;
            /** Cron */
            cron?: string | null;
            /** End At */
            end_at?: string | null;
            /** Interval Sec */
            interval_sec?: number | null;
            /**
             * @description What becomes of a skipped slot. `before` and `after`: it fires on the nearest day that is not skipped, at the same time, less than 60 days away.
             * @default drop
             */
            on_skip?: components["schemas"]["OnSkip"];
            /** Rrule */
            rrule?: string | null;
            /** @description Slots that make no run; not for `at`. */
            skip?: components["schemas"]["Skip"] | null;
            /** Start At */
            start_at?: string | null;
            /** Timezone */
            timezone?: string | null;
        };
        /**
         * ScheduleInput
         * @description When a job fires: one of `interval_sec`, `cron`, `rrule`, `at`, within `start_at` and `end_at`.
         */
        ScheduleInput: {
            /**
             * At
             * @default null
             */
            at?: string | null;
            /**
             * Cron
             * @default null
             */
            cron?: string | null;
            /**
             * End At
             * @default null
             */
            end_at?: string | null;
            /**
             * Interval Sec
             * @default null
             */
            interval_sec?: number | null;
            /**
             * @description What becomes of a skipped slot. `before` and `after`: it fires on the nearest day that is not skipped, at the same time, less than 60 days away.
             * @default drop
             */
            on_skip?: components["schemas"]["OnSkip"];
            /**
             * Rrule
             * @default null
             */
            rrule?: string | null;
            /**
             * @description Slots that make no run; not for `at`.
             * @default null
             */
            skip?: components["schemas"]["SkipInput"] | null;
            /**
             * Start At
             * @default null
             */
            start_at?: string | null;
            /**
             * Timezone
             * @default null
             */
            timezone?: string | null;
        };
        /**
         * ScopeKind
         * @description The extent of a pause.
         * @enum {string}
         */
        ScopeKind: "all" | "queue" | "type" | "job";
        /**
         * SecretBody
         * @description A secret as it may be seen; `masked` is the same for all.
         */
        SecretBody: {
            /**
             * Has Secret
             * @default true
             * @constant
             */
            has_secret: true;
            /**
             * Hosts
             * @description Hosts that may get it. Empty (saved by an earlier version): none.
             */
            hosts: string[];
            /**
             * Masked
             * @default ••••••••
             */
            masked: string;
            /** Name */
            name: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * SecretDeleted
         * @description The secret is forgotten.
         */
        SecretDeleted: {
            /** Name */
            name: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * SecretRequest
         * @description The value of a secret and the hosts that may get it; omitted fields stay as they are stored.
         */
        SecretRequest: {
            /**
             * Hosts
             * @description Hosts that may get it, over https: `shop.example`, `shop.example:8443`, `*.shop.example`. Needed unless it has hosts.
             * @default null
             * @example [
             *       "shop.example"
             *     ]
             */
            hosts?: string[] | null;
            /**
             * Value
             * @description 4 to 8192 printable characters. Needed for a new secret.
             * @default null
             */
            value?: string | null;
        };
        /**
         * SendRequest
         * @description A text that is sent as any message is; without `to` it goes to the account's `default_to`.
         */
        SendRequest: {
            /** Text */
            text: string;
            /**
             * To
             * @description A chat or a number, as the channel names it; printable characters.
             * @default null
             */
            to?: string | null;
        };
        /**
         * SessionBody
         * @description A signed-in browser, which acts for an API key or a user.
         */
        SessionBody: {
            /**
             * Address
             * @description The address that it was made from.
             */
            address: string;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /**
             * Current
             * @description It is the session of this request.
             */
            current: boolean;
            /**
             * Device
             * @description The `User-Agent` of the browser; empty if none was sent.
             */
            device: string;
            /**
             * Expires At
             * Format: date-time
             * @description When it ends if it is not used again.
             * @example 2026-01-31T07:00:00.000Z
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Key Id */
            key_id: string;
            /**
             * Last Seen At
             * Format: date-time
             * @description To five minutes.
             * @example 2026-01-31T07:00:00.000Z
             */
            last_seen_at: string;
            /**
             * Name
             * @description The name of its key or user.
             * @example ana
             */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * Way
             * @description How its owner signed in: with a key, by a link, or at an OpenID Connect provider.
             * @enum {string}
             */
            way: "key" | "link" | "oidc";
        };
        /**
         * SessionCreated
         * @description A session that was just made.
         */
        SessionCreated: {
            /**
             * Address
             * @description The address that it was made from.
             */
            address: string;
            /**
             * Created At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            created_at: string;
            /**
             * Current
             * @description It is the session of this request.
             */
            current: boolean;
            /**
             * Device
             * @description The `User-Agent` of the browser; empty if none was sent.
             */
            device: string;
            /**
             * Expires At
             * Format: date-time
             * @description When it ends if it is not used again.
             * @example 2026-01-31T07:00:00.000Z
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Key Id */
            key_id: string;
            /**
             * Last Seen At
             * Format: date-time
             * @description To five minutes.
             * @example 2026-01-31T07:00:00.000Z
             */
            last_seen_at: string;
            /**
             * Name
             * @description The name of its key or user.
             * @example ana
             */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * Token
             * @description Its text, sent like a key; shown this once.
             */
            token: string;
            /**
             * Way
             * @description How its owner signed in: with a key, by a link, or at an OpenID Connect provider.
             * @enum {string}
             */
            way: "key" | "link" | "oidc";
        };
        /**
         * SessionEnded
         * @description The session is refused from now on.
         */
        SessionEnded: {
            /** Id */
            id: string;
            /**
             * Status
             * @constant
             */
            status: "ended";
        };
        /**
         * ShardBody
         * @description One shard of jobs and runs.
         */
        ShardBody: {
            /**
             * Jobs
             * @description How many jobs it has; null if it is down.
             */
            jobs: number | null;
            /** Latency Ms */
            latency_ms: number | null;
            /**
             * Reason
             * @description Why it is down.
             */
            reason: string | null;
            /**
             * Shard
             * @description Its number, from 0.
             */
            shard: number;
            /**
             * Status
             * @description `down`: its Redis does not answer; its jobs wait.
             * @enum {string}
             */
            status: "ok" | "down";
            /** Used Memory Bytes */
            used_memory_bytes: number | null;
        };
        /**
         * SignInWays
         * @description How people can sign in here besides with a key.
         */
        SignInWays: {
            /** @description Null if no provider is set (OIDC_ISSUER). */
            oidc: components["schemas"]["OidcWay"] | null;
        };
        /**
         * SilenceRequest
         * @description How long nothing more is sent about it.
         */
        SilenceRequest: {
            /**
             * Minutes
             * @example 60
             */
            minutes: number;
        };
        /**
         * Skip
         * @description The days and times that a schedule leaves out: its own, and those of the deployment's calendars.
         */
        Skip: {
            /**
             * Calendars
             * @description Names of calendars; they must exist.
             */
            calendars?: string[];
            /**
             * Cuti Bersama
             * @description With Indonesia's joint leave days too.
             * @default false
             */
            cuti_bersama?: boolean;
            /**
             * Dates
             * @description Days: `2026-12-25`, or `12-25` for each year.
             */
            dates?: string[];
            /** Days Of Month */
            days_of_month?: number[];
            /**
             * Holidays
             * @description The public holidays of a country, by its ISO 3166 code: `ID`.
             */
            holidays?: string | null;
            /**
             * Names
             * @description Only the holidays whose name contains one of these texts; Indonesia's are Indonesian.
             */
            names?: string[];
            /**
             * Weekdays
             * @description Days of the week; 0 is Sunday.
             */
            weekdays?: number[];
            /**
             * Windows
             * @description Times of day: `22:00-06:00`, start in, end out; a window may pass midnight.
             */
            windows?: string[];
        };
        /**
         * SkipInput
         * @description The days and times that a schedule leaves out: its own, and those of the deployment's calendars.
         */
        SkipInput: {
            /**
             * Calendars
             * @description Names of calendars; they must exist.
             */
            calendars?: string[];
            /**
             * Cuti Bersama
             * @description With Indonesia's joint leave days too.
             * @default false
             */
            cuti_bersama?: boolean;
            /**
             * Dates
             * @description Days: `2026-12-25`, or `12-25` for each year.
             */
            dates?: string[];
            /** Days Of Month */
            days_of_month?: number[];
            /**
             * Holidays
             * @description The public holidays of a country, by its ISO 3166 code: `ID`.
             * @default null
             */
            holidays?: string | null;
            /**
             * Names
             * @description Only the holidays whose name contains one of these texts; Indonesia's are Indonesian.
             */
            names?: string[];
            /**
             * Weekdays
             * @description Days of the week; 0 is Sunday.
             */
            weekdays?: number[];
            /**
             * Windows
             * @description Times of day: `22:00-06:00`, start in, end out; a window may pass midnight.
             */
            windows?: string[];
        };
        /**
         * SkippedBody
         * @description Neighbouring slots that a schedule skips, for one reason.
         */
        SkippedBody: {
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /**
             * Moved To
             * @description The day on which they fire instead; null if they do not.
             */
            moved_to: string | null;
            reason: components["schemas"]["WordsBody"];
            /** Slots */
            slots: number;
            /**
             * To
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            to: string;
        };
        /**
         * SlotBody
         * @description An input field that a sentence can set, and the words before its value.
         */
        SlotBody: {
            /** Field */
            field: string;
            /** Words */
            words: string[];
        };
        /**
         * SpanBody
         * @description A stretch of the prompt, in Unicode code points, and its part in the plan.
         */
        SpanBody: {
            /** End */
            end: number;
            /**
             * Field
             * @description The field of the job that it sets.
             */
            field: string | null;
            /**
             * Job
             * @description The id of the only job that it changes.
             */
            job: string | null;
            /**
             * Role
             * @description `unused` if it has no effect.
             */
            role: string;
            /** Start */
            start: number;
        };
        /**
         * SpecCheckBody
         * @description The result that a save would have.
         *
         *     `spec` is the spec to be stored; `version` the stored one, null if there is none.
         */
        SpecCheckBody: {
            /**
             * Change
             * @enum {string}
             */
            change: "created" | "updated" | "unchanged";
            /** Changes */
            changes: components["schemas"]["FieldChange"][];
            spec: components["schemas"]["JobSpec"];
            /** Version */
            version: number | null;
        };
        /**
         * StateRangeBody
         * @description A time in one state; `to` is null while it lasts.
         */
        StateRangeBody: {
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /** Reason */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "degraded" | "down" | "unknown" | "paused" | "not_configured";
            /** To */
            to: string | null;
        };
        /**
         * StatsBody
         * @description The last intervals, oldest first, and all together; the last one is still running.
         */
        StatsBody: {
            /**
             * Minutes
             * @description The intervals; each is a minute unless `range` is longer.
             */
            minutes: components["schemas"]["StatsMinute"][];
            /**
             * Since
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            since: string;
            /**
             * Step Sec
             * @description The length of an interval: 60, 900 or 3,600 seconds.
             */
            step_sec: number;
            totals: components["schemas"]["StatsFigures"];
            /**
             * Until
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            until: string;
        };
        /**
         * StatsFigures
         * @description Counts of runs, by the time of their start or end.
         */
        StatsFigures: {
            /** Cancelled */
            cancelled: number;
            /**
             * Duration P50 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            duration_p50_ms: number | null;
            /**
             * Duration P95 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            duration_p95_ms: number | null;
            /** Failed */
            failed: number;
            /** Started */
            started: number;
            /** Success */
            success: number;
            /**
             * Wait P50 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            wait_p50_ms: number | null;
            /**
             * Wait P95 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            wait_p95_ms: number | null;
        };
        /**
         * StatsMinute
         * @description One interval: a minute, or longer in a longer range.
         */
        StatsMinute: {
            /**
             * At
             * Format: date-time
             * @description When the interval began.
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** Cancelled */
            cancelled: number;
            /**
             * Duration P50 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            duration_p50_ms: number | null;
            /**
             * Duration P95 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            duration_p95_ms: number | null;
            /** Failed */
            failed: number;
            /** Started */
            started: number;
            /** Success */
            success: number;
            /**
             * Wait P50 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            wait_p50_ms: number | null;
            /**
             * Wait P95 Ms
             * @description Within 5 %; null if nothing was measured.
             */
            wait_p95_ms: number | null;
        };
        /**
         * StatsRange
         * @description A range that ends now, and the length of its intervals.
         * @enum {string}
         */
        StatsRange: "1h" | "24h" | "7d";
        /**
         * StatusPage
         * @description A page that shows the state of chosen monitors; readers without a key see it if it is published.
         */
        StatusPage: {
            /**
             * Language
             * @description The language of readers who choose none; else that of their browser.
             * @default null
             */
            language?: ("en" | "id") | null;
            /**
             * Monitors
             * @default []
             */
            monitors?: components["schemas"]["StatusPageMonitor"][];
            /**
             * Published
             * @default false
             */
            published?: boolean;
            /**
             * Title
             * @example Toko Maju
             */
            title: string;
        };
        /**
         * StatusPageBody
         * @description A stored status page, with its author and its last change (read-only).
         */
        StatusPageBody: {
            /**
             * Language
             * @description The language of readers who choose none; else that of their browser.
             */
            language: ("en" | "id") | null;
            /**
             * Monitors
             * @default []
             */
            monitors: components["schemas"]["StatusPageMonitor"][];
            /**
             * Path
             * @description The address of the page below that of the dashboard.
             */
            path: string;
            /**
             * Published
             * @default false
             */
            published: boolean;
            /** Slug */
            slug: string;
            /**
             * Title
             * @example Toko Maju
             */
            title: string;
            /**
             * Updated At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * StatusPageDeleted
         * @description A status page that is gone.
         */
        StatusPageDeleted: {
            /** Slug */
            slug: string;
            /**
             * Status
             * @constant
             */
            status: "deleted";
        };
        /**
         * StatusPageMonitor
         * @description A monitor on a page, under the name that readers see.
         */
        StatusPageMonitor: {
            /** Job Id */
            job_id: string;
            /**
             * Name
             * @example Web shop
             */
            name: string;
        };
        /**
         * TimelineBody
         * @description One entry of a timeline.
         */
        TimelineBody: {
            /**
             * At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            at: string;
            /** By */
            by: string | null;
            /** Text */
            text: string;
            what: components["schemas"]["TimelineKind"];
        };
        /**
         * TimelineKind
         * @description What an entry of a timeline is about.
         * @enum {string}
         */
        TimelineKind: "opened" | "repeated" | "recovered" | "notified" | "delivered" | "undelivered" | "acknowledged" | "silenced" | "comment" | "remedied" | "maintenance" | "closed";
        /**
         * ToolCallBody
         * @description One call of a tool.
         */
        ToolCallBody: {
            /**
             * At
             * @description Epoch milliseconds.
             */
            at: number;
            /** Duration Ms */
            duration_ms: number;
            /**
             * Error
             * @description Why it failed; absent if it did not.
             */
            error?: string | null;
            /**
             * N
             * @description Its number in the attempt, from 1.
             */
            n: number;
            /** Ok */
            ok: boolean;
            /** Op */
            op: string;
            /**
             * Target
             * @description What it was about, masked.
             */
            target?: string | null;
            /** Tool */
            tool: string;
        };
        /**
         * ToolPolicyBody
         * @description What an attempt may do with a tool: so many calls and bytes (null: unlimited), with these places.
         */
        ToolPolicyBody: {
            /** Bytes */
            bytes: number | null;
            /** Calls */
            calls: number | null;
            /** Channels */
            channels: string[];
            /** @description Out of reach, whatever is allowed. */
            denied: components["schemas"]["PlacesBody"];
            /** Hosts */
            hosts: string[];
            /** Paths */
            paths: string[];
            /**
             * Rules
             * @description Further rules, if the tool is of another package.
             */
            rules: {
                [key: string]: unknown;
            };
            /** Secrets */
            secrets: string[];
        };
        /**
         * UpcomingFiresBody
         * @description What fires next, job by job.
         */
        UpcomingFiresBody: {
            /**
             * Collisions
             * @description By time, the first 100.
             */
            collisions: components["schemas"]["CollisionBody"][];
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /**
             * Jobs
             * @description By next fire; jobs without one are left out.
             */
            jobs: components["schemas"]["UpcomingJobBody"][];
            /**
             * To
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            to: string;
        };
        /**
         * UpcomingJobBody
         * @description The fires of one enabled job within the window.
         */
        UpcomingJobBody: {
            /**
             * Count
             * @description How many times it fires.
             */
            count: number;
            /**
             * Fires
             * @description All of them if there are at most 100, else none.
             */
            fires: string[];
            /** Job Id */
            job_id: string;
            /** Next At */
            next_at: string | null;
            /**
             * Paused
             * @description A pause holds its next fire.
             */
            paused: boolean;
            /** Paused Until */
            paused_until: string | null;
            /** Tags */
            tags: string[];
            /** Type */
            type: string;
        };
        /**
         * UptimeBody
         * @description Shares of the time that was watched, 0 to 1; null if nothing was.
         */
        UptimeBody: {
            /** D30 */
            d30: number | null;
            /** D7 */
            d7: number | null;
            /** D90 */
            d90: number | null;
            /**
             * H24
             * @example 0.9993
             */
            h24: number | null;
        };
        /**
         * VersionComparison
         * @description What changed from one version of a job to another.
         */
        VersionComparison: {
            /** Changes */
            changes: components["schemas"]["FieldChange"][];
            /** From */
            from: number;
            /** To */
            to: number;
        };
        /**
         * WaitPlaceBody
         * @description The place of a run before a concurrency key, a group or a rate.
         */
        WaitPlaceBody: {
            /**
             * Ahead
             * @description Runs of the same group and the same keys that come before it.
             */
            ahead: number;
            /**
             * Held
             * @description Slots that are taken; for a rate, starts in the last 60 seconds.
             */
            held: number;
            /** Limit */
            limit: number | null;
            /**
             * Name
             * @description As `waiting_for`.
             */
            name: string;
            /**
             * Starts At
             * @description For a rate: when the run starts at the earliest.
             */
            starts_at: string | null;
        };
        /**
         * WebhookTaken
         * @description What the call brought is kept: `stored` updates were new, `reports` were about messages.
         */
        WebhookTaken: {
            /** Reports */
            reports: number;
            /** Stored */
            stored: number;
        };
        /**
         * WhyBody
         * @description Why a job did or did not run; occurrences newest first, equal successes as one range.
         */
        WhyBody: {
            /** Job Id */
            job_id: string;
            /**
             * Language
             * @enum {string}
             */
            language: "en" | "id";
            /** @description The state of what the job watches. */
            monitor: components["schemas"]["MonitorBriefBody"] | null;
            next: components["schemas"]["WhyNext"];
            /** Occurrences */
            occurrences: components["schemas"]["WhyOccurrence"][];
            run: components["schemas"]["WhyRun"] | null;
            /**
             * Timezone
             * @description In which the texts tell times.
             */
            timezone: string;
        };
        /**
         * WhyNext
         * @description The next fire, and the obstacle if there is one.
         */
        WhyNext: {
            /**
             * Actions
             * @description What can be done about it at once, the best first; may be empty.
             */
            actions: components["schemas"]["RemedyBody"][];
            /**
             * At
             * @description null if there is none.
             */
            at: string | null;
            /**
             * In Sec
             * @description Negative if it is late.
             */
            in_sec: number | null;
            /**
             * Next Step
             * @description What to do about it, for people: a command or a route.
             */
            next_step: string;
            /**
             * Reason
             * @description What prevents it; null if nothing does.
             */
            reason: string | null;
            /**
             * Text
             * @description For people, in the language of the answer; times in the job's zone.
             */
            text: string;
        };
        /**
         * WhyOccurrence
         * @description What became of a range of slots.
         */
        WhyOccurrence: {
            /**
             * Actions
             * @description What can be done about it at once, the best first; may be empty.
             */
            actions: components["schemas"]["RemedyBody"][];
            /**
             * From
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            from: string;
            /**
             * Next Step
             * @description What to do about it, for people: a command or a route.
             */
            next_step: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "ran" | "waiting" | "missed" | "skipped" | "upcoming";
            /**
             * Reason
             * @description For programs; a word such as `missed`, `overlap`, `no_worker`.
             * @example overlap
             */
            reason: string;
            /**
             * Run Id
             * @description The newest run of the range.
             */
            run_id: string | null;
            /** Slots */
            slots: number;
            status: components["schemas"]["RunStatus"] | null;
            /**
             * Text
             * @description For people, in the language of the answer; times in the job's zone.
             */
            text: string;
            /**
             * To
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            to: string;
        };
        /**
         * WhyRun
         * @description The newest run that has not ended, and what it waits for.
         */
        WhyRun: {
            /**
             * Actions
             * @description What can be done about it at once, the best first; may be empty.
             */
            actions: components["schemas"]["RemedyBody"][];
            /**
             * Next Step
             * @description What to do about it, for people: a command or a route.
             */
            next_step: string;
            /**
             * Reason
             * @description For programs; a word such as `missed`, `overlap`, `no_worker`.
             * @example overlap
             */
            reason: string;
            /** Run Id */
            run_id: string;
            status: components["schemas"]["RunStatus"];
            /**
             * Text
             * @description For people, in the language of the answer; times in the job's zone.
             */
            text: string;
        };
        /**
         * WordsBody
         * @description The same in Indonesian and English.
         */
        WordsBody: {
            /**
             * En
             * @example every day at 07:00 (Asia/Jakarta)
             */
            en: string;
            /**
             * Id
             * @example setiap hari pukul 07:00 (Asia/Jakarta)
             */
            id: string;
        };
        /**
         * WorkerBody
         * @description A worker with a recent heartbeat.
         */
        WorkerBody: {
            /** Age Ms */
            age_ms: number;
            /** Concurrency */
            concurrency: number;
            /** Draining */
            draining: boolean;
            /**
             * Heartbeat At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            heartbeat_at: string;
            /** Host */
            host: string;
            /** Instance */
            instance: string;
            /** Pid */
            pid: number;
            /** Queues */
            queues: string[];
            /** Running */
            running: string[];
            /**
             * Started At
             * Format: date-time
             * @example 2026-01-31T07:00:00.000Z
             */
            started_at: string;
            /** Types */
            types: string[];
            /** Version */
            version: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description How a key is sent. */
        Authenticate: string;
        /** @description The path of what was made. */
        Location: string;
        /** @description Seconds after which the same request is worth another try; absent if none is. */
        RetryAfter: number;
        /** @description The trace of this request, also in the log and in the runs that it made. */
        TraceId: string;
        /** @description The version of the job, for `If-Match`. */
        VersionTag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_audit: {
        parameters: {
            query?: {
                /** @description Of this actor alone. */
                actor?: string | null;
                /** @description `job:a`; `job:` means all jobs. */
                target?: string | null;
                /** @description Acts with this API key, its sessions included. */
                key_id?: string | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of AuditBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_calendars: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of CalendarBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a calendar, as `skip.calendars` of a schedule names it. */
                calendar_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a calendar, as `skip.calendars` of a schedule names it. */
                calendar_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Calendar"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a calendar, as `skip.calendars` of a schedule names it. */
                calendar_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connectors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of ConnectorBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectorBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_inbox: {
        parameters: {
            query?: {
                /** @description From the last `Link: rel="next"`. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of InboxMessageBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboxMessageBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_availability: {
        parameters: {
            query?: {
                /** @description How many, the running quarter hour included. */
                hours?: number;
            };
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AvailabilityBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_chat_users: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of ChatUserBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatUserBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_chat_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
                /** @description The id of a person, as the channel names the person. */
                chat_user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatUserRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatUserBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_chat_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
                /** @description The id of a person, as the channel names the person. */
                chat_user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatUserDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_chats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of ChatBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of ContactBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a contact; case and further blanks do not count. */
                contact_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a contact; case and further blanks do not count. */
                contact_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a contact; case and further blanks do not count. */
                contact_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                /** @description Of this job alone. */
                job_id?: string | null;
                /** @description Of this error alone. */
                fingerprint?: string | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of DeadGroupBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadGroupBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscardDeadLettersAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redrive_dead_letters: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedriveDeadLettersAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dead_letter_runs: {
        parameters: {
            query?: {
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The fingerprint of an error, as `GET /dead-letters` has it; `none` for none. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of RunBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Behind this event's id. */
                after?: string | null;
                /** @description Ahead of this event's id. */
                before?: string | null;
                /** @description Parts before the dot of types, `job:<id>`, `run:<id>`, comma-separated; none: all. */
                topics?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of EventBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: {
                /** @description Parts before the dot of types, `job:<id>`, `run:<id>`, comma-separated; none: all. */
                topics?: string | null;
                /** @description For clients that cannot send the header. */
                last_event_id?: string | null;
            };
            header?: {
                /** @description Go on behind this event; it goes before `last_event_id`. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages of `id`, `event` (the type) and `data` (as in `GET /events`). `event: reset` says that some were left out: load again. `degraded` and `recovered` tell of Redis. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_exports: {
        parameters: {
            query?: {
                /** @description Of this job alone. */
                job_id?: string | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of PublishedBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_export: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the content that is known already: 304 if it still is the content. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of an export. */
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content. */
            200: {
                headers: {
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                    "application/octet-stream": string;
                };
            };
            /** @description What `If-None-Match` names is still the content. */
            304: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Acceptable */
            406: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_fires: {
        parameters: {
            query?: {
                /** @description The length of the window. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpcomingFiresBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    list_incidents: {
        parameters: {
            query?: {
                /** @description In this state alone. */
                state?: ("open" | "closed") | null;
                /** @description Of this job alone. */
                job_id?: string | null;
                /** @description Of this kind of cause alone. */
                kind?: components["schemas"]["IncidentKind"] | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of IncidentBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    summarize_incidents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentSummaryBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an incident, as `GET /incidents` has it. */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an incident, as `GET /incidents` has it. */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    comment_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an incident, as `GET /incidents` has it. */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommentRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    note_remedy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an incident, as `GET /incidents` has it. */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemediedRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    silence_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an incident, as `GET /incidents` has it. */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SilenceRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_job_types: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of JobTypeBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobTypeBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description Of this type alone. */
                type?: string | null;
                /** @description Those that fire (`true`) or that are switched off (`false`). */
                enabled?: boolean | null;
                /** @description Those that carry this tag. */
                tag?: string | null;
                /** @description A part of what is looked for; the operation says of what. */
                q?: string | null;
                /** @description `true`: those with a failure to decide on, in a cool-down, or whose fire is late. */
                trouble?: boolean;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of JobBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobSpecInput"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    ETag: components["headers"]["VersionTag"];
                    Location: components["headers"]["Location"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCreated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_job: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpecCheckBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag: components["headers"]["VersionTag"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that was read; 412 if another one is stored by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobSpecInput"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag: components["headers"]["VersionTag"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Precondition Failed */
            412: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disable_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSwitched"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enable_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSwitched"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_occurrences: {
        parameters: {
            query?: {
                /** @description Default: a day ago. */
                from?: string | null;
                /** @description Default: in a day. */
                to?: string | null;
                /** @description At most so many on each side of now. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of Occurrence. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Occurrence"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roll_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
                /** @description The ETag of the version that was read; 412 if another one is stored by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The id of a job. */
                job_id: string;
                /** @description The number of a version of the job. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag: components["headers"]["VersionTag"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Precondition Failed */
            412: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    run_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_job_runs: {
        parameters: {
            query?: {
                /** @description In this state alone. */
                status?: components["schemas"]["RunStatus"] | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of RunBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_versions: {
        parameters: {
            query?: {
                /** @description Compare this version; default: the one before `to`. */
                from?: number | null;
                /** @description With this one; default: the newest. */
                to?: number | null;
            };
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListVersionsAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_job: {
        parameters: {
            query?: {
                /** @description Default: a day ago. */
                from?: string | null;
                /** @description Default: now. */
                to?: string | null;
                /** @description At most so many ranges. */
                limit?: number;
            };
            header?: {
                /** @description `id` for Indonesian, else English; q-values are respected. */
                "Accept-Language"?: string;
            };
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "Content-Language"?: string;
                    Vary?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhyBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of KeyBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRequest"];
            };
        };
        responses: {
            /** @description Made before by this request; `key` is null. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a key: its first part, never its text. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyRevoked"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_user_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a key: its first part, never its text. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of a key: its first part, never its text. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description Made before by this request; `key` is null. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_maintenance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of MaintenanceBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_maintenance: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaintenanceDraft"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_maintenance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a window, as `GET /maintenance` has it. */
                maintenance_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description In this state alone. */
                state?: components["schemas"]["OutboxState"] | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of MessageBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a message. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a message. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resend_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a message. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_monitors: {
        parameters: {
            query?: {
                /** @description So many alone, the worst state first. */
                worst?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of MonitorBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitorBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_monitor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitorDetailBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_ping_url: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PingUrlBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_notification_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationRulesBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_notification_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationRules"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationRulesBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token of a ping URL, as `GET /pings/{job_id}` shows it. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ping_with_output: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token of a ping URL, as `GET /pings/{job_id}` shows it. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ping_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token of a ping URL, as `GET /pings/{job_id}` shows it. */
                token: string;
                /** @description `start`, `fail`, or an exit code. */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ping_event_with_output: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token of a ping URL, as `GET /pings/{job_id}` shows it. */
                token: string;
                /** @description `start`, `fail`, or an exit code. */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_ping_url: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PingUrlBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    execute_plan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecuteRequestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanStepBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_prompt_ai: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanAiRequestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a plan, as `POST /planner/plan` returned it. */
                plan_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_platform: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of PolicyBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_queue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of QueueItem. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItem"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    list_reports: {
        parameters: {
            query?: {
                /** @description Of this job alone. */
                job_id?: string | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of PublishedBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the content that is known already: 304 if it still is the content. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of a report. */
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content. */
            200: {
                headers: {
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetReportAnswer"];
                    "text/html": string;
                    "text/markdown": string;
                };
            };
            /** @description What `If-None-Match` names is still the content. */
            304: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Acceptable */
            406: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /** @description Of this job, or of those that match: `monitor-*`. */
                job_id?: string | null;
                /** @description In this state; may be repeated. */
                status?: components["schemas"]["RunStatus"][] | null;
                /** @description Of this type alone. */
                type?: string | null;
                /** @description Of jobs that have this tag now. */
                tag?: string | null;
                /** @description Of this trace alone. */
                trace_id?: string | null;
                /** @description A part of what is looked for; the operation says of what. */
                q?: string | null;
                /** @description Created at this time or later. */
                since?: string | null;
                /** @description Created before this time. */
                until?: string | null;
                /** @description From the last `Link: rel="next"`. */
                cursor?: number | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of RunBody. */
            200: {
                headers: {
                    /** @description The next page: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description Records from this call's cursor on to the end, those included that it has looked at. */
                    "X-Search-Total"?: number;
                    /** @description Records that this call has looked at; absent if one index has the whole list. */
                    "X-Searched-Count"?: number;
                    /** @description How many there are in all, if one index has it. */
                    "X-Total-Count"?: number;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    run_batch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description An array of BatchItemBody. */
            200: {
                headers: {
                    /** @description The key of this call, made here if none came: to send it again with. */
                    "Idempotency-Key"?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchItemBody"][];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulk_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkStep"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    count_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCounts"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a run: `<job>@<slot>` or 26 characters. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a run: `<job>@<slot>` or 26 characters. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCancelled"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCancelled"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_logs: {
        parameters: {
            query?: {
                /** @description A line's `cursor`, or `X-Next-Cursor`. */
                after?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Of this level or a graver one. */
                level?: "debug" | "info" | "warning" | "error" | "critical";
                /** @description A part of what is looked for; the operation says of what. */
                q?: string | null;
            };
            header?: never;
            path: {
                /** @description The id of a run: `<job>@<slot>` or 26 characters. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of LogLineBody. */
            200: {
                headers: {
                    /** @description Further lines that are there: `<…>; rel="next"`. */
                    Link?: string;
                    /** @description `true` if the run has ended and no line comes after these. */
                    "X-Log-Complete"?: "true" | "false";
                    /** @description `true` if lines are missing here, because the log was too long. */
                    "X-Log-Truncated"?: "true" | "false";
                    /** @description What `after` takes to go on from here, now or when there are more lines. */
                    "X-Next-Cursor"?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLineBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rerun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again with the same key and body, the request changes nothing more. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of a run: `<job>@<slot>` or 26 characters. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RerunRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunRepeated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of SecretBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a secret; jobs say `secret:NAME`. */
                secret_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a secret; jobs say `secret:NAME`. */
                secret_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a secret; jobs say `secret:NAME`. */
                secret_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of SessionBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCreated"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session_by_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCreated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_by_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcAnswer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCreated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_oidc_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcStart"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcStarted"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a session: a part of its token, never all of it. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_default_notify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefaultNotifyBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_default_notify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DefaultNotifyRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefaultNotifyBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clear_default_notify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefaultNotifyBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sign_in_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stats: {
        parameters: {
            query?: {
                /** @description How many, the running one included. */
                minutes?: number | null;
                /** @description A range that ends now, instead of `minutes`. */
                range?: components["schemas"]["StatsRange"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_status_pages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of StatusPageBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusPageBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_status_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a status page in its address. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusPageBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_status_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a status page in its address. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusPage"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusPageBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_status_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a status page in its address. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusPageDeleted"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_status: {
        parameters: {
            query?: {
                /** @description The language of the page; else the page's own, else `Accept-Language`. */
                lang?: ("en" | "id") | null;
            };
            header?: {
                /** @description The `ETag` of the content that is known already: 304 if it still is the content. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The name of a status page in its address. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page as it is now, at most 15 s old, or the last known one. */
            200: {
                headers: {
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicStatus"];
                    "text/html": string;
                };
            };
            /** @description What `If-None-Match` names is still the content. */
            304: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Acceptable */
            406: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_status_badge: {
        parameters: {
            query?: {
                /** @description The language of the page; else the page's own, else `Accept-Language`. */
                lang?: ("en" | "id") | null;
            };
            header?: {
                /** @description The `ETag` of the content that is known already: 304 if it still is the content. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The name of a status page in its address. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page as it is now, at most 15 s old, or the last known one. */
            200: {
                headers: {
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description What `If-None-Match` names is still the content. */
            304: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Acceptable */
            406: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_webhook: {
        parameters: {
            query?: {
                /** @description `subscribe`. */
                "hub.mode"?: string;
                /** @description The account's `verify_token`. */
                "hub.verify_token"?: string;
                /** @description What the answer repeats. */
                "hub.challenge"?: string;
            };
            header?: never;
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The proof of Telegram. */
                "X-Telegram-Bot-Api-Secret-Token"?: string;
                /** @description The proof of WhatsApp. */
                "X-Hub-Signature-256"?: string;
            };
            path: {
                /** @description A channel, such as `telegram`; `GET /connectors` lists them. */
                channel: string;
                /** @description The id of an account of the channel. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTaken"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Content Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Content */
            422: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of WorkerBody. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerBody"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Authenticate"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Misdirected Request */
            421: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Trace-Id": components["headers"]["TraceId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
