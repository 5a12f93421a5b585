import { defineGauge } from './metric';

const queue = ['deliveries', 'observers'] as const;

export const QueueJobs = defineGauge('posthorn_queue_jobs', {
  of: 'installation',
  help: 'Work by queue and state: due, for later, under way, given up.',
  labels: { queue, state: ['waiting', 'delayed', 'active', 'failed'] },
});
export const OldestDue = defineGauge('posthorn_queue_oldest_due_age_seconds', {
  of: 'installation',
  help: 'How long the oldest work has waited that could be done now. Retries that lie ahead do not count.',
  labels: { queue },
});

export const queueMetricProviders = [QueueJobs.provider, OldestDue.provider];
